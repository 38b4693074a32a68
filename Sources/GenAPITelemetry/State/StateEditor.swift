import GenAPIValue

/// Goes through the fields of a state and changes some: cuts texts, bounds numbers, moves times. What an editor does
/// not care for it leaves as it is.
public protocol StateEditor {
  /// Of a service, a function, a node, a user, a key.
  mutating func name(_ text: inout ByteText)
  /// An error or a reason.
  mutating func text(_ text: inout ByteText)
  mutating func names(_ list: inout [ByteText])
  mutating func texts(_ list: inout [ByteText], most: Int)
  mutating func count(_ count: inout Int)
  mutating func count(_ count: inout Int64)
  mutating func counts(_ counts: inout [ByteText: Int])
  mutating func counts(_ counts: inout [ByteText: Int64])
  mutating func numbers(_ list: inout [Int], most: Int)
  mutating func seconds(_ seconds: inout Double)
  /// In microseconds since the Unix epoch.
  mutating func time(_ time: inout Int64)
  mutating func histogram(_ histogram: LatencyHistogram)
  /// A list within an entry.
  mutating func entries<Entry: StateEntry>(_ list: inout [Entry], most: Int?)
  mutating func entry<Entry: StateEntry>(_ entry: inout Entry)
}

extension StateEditor {
  public mutating func name(_ text: inout ByteText) {}
  public mutating func text(_ text: inout ByteText) {}
  public mutating func names(_ list: inout [ByteText]) {}
  public mutating func texts(_ list: inout [ByteText], most: Int) {}
  public mutating func count(_ count: inout Int) {}
  public mutating func count(_ count: inout Int64) {}
  public mutating func counts(_ counts: inout [ByteText: Int]) {}
  public mutating func counts(_ counts: inout [ByteText: Int64]) {}
  public mutating func numbers(_ list: inout [Int], most: Int) {}
  public mutating func seconds(_ seconds: inout Double) {}
  public mutating func time(_ time: inout Int64) {}
  public mutating func histogram(_ histogram: LatencyHistogram) {}

  @inlinable
  public mutating func entries<Entry: StateEntry>(_ list: inout [Entry], most: Int?) {
    for index in list.indices { entry(&list[index]) }
  }

  @inlinable
  public mutating func entry<Entry: StateEntry>(_ entry: inout Entry) { entry.edit(&self) }

  // MARK: What may be absent

  public mutating func name(_ name: inout ByteText?) {
    guard var some = name else { return }
    self.name(&some)
    name = some
  }

  public mutating func text(_ text: inout ByteText?) {
    guard var some = text else { return }
    self.text(&some)
    text = some
  }

  public mutating func count(_ count: inout Int64?) {
    guard var some = count else { return }
    self.count(&some)
    count = some
  }

  public mutating func time(_ time: inout Int64?) {
    guard var some = time else { return }
    self.time(&some)
    time = some
  }
}
