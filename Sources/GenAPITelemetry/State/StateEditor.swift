import GenAPIValue

/// Goes through the fields of a state and changes some: cuts texts, bounds numbers, moves times. What an editor does
/// not care for it leaves as it is.
public protocol StateEditor {
  /// Of a service, a function, a node, a user, a key.
  mutating func name(_ text: inout ByteText)
  /// An error or a reason.
  mutating func text(_ text: inout ByteText)
  /// Edits a word of a fixed set that is none of those known.
  mutating func word(_ word: inout ByteText)
  /// Edits a list of names.
  mutating func names(_ list: inout [ByteText])
  /// Edits a list of errors or reasons, of which at most so many are kept.
  mutating func texts(_ list: inout [ByteText], most: Int)
  /// Edits a count.
  mutating func count(_ count: inout Int)
  /// Edits a count.
  mutating func count(_ count: inout Int64)
  /// Edits counts by name.
  mutating func counts(_ counts: inout [ByteText: Int])
  /// Edits counts by name.
  mutating func counts(_ counts: inout [ByteText: Int64])
  /// Edits a list of numbers, of which at most so many are kept.
  mutating func numbers(_ list: inout [Int], most: Int)
  /// Edits a time span in seconds.
  mutating func seconds(_ seconds: inout Double)
  /// In microseconds since the Unix epoch.
  mutating func time(_ time: inout Int64)
  /// Looks at a histogram, which no editor changes.
  mutating func histogram(_ histogram: LatencyHistogram)
  /// A list within an entry.
  mutating func entries<Entry: StateEntry>(_ list: inout [Entry], most: Int?)
  /// Edits an entry of a list.
  mutating func entry<Entry: StateEntry>(_ entry: inout Entry)
}

extension StateEditor {
  public mutating func name(_ text: inout ByteText) {}
  public mutating func text(_ text: inout ByteText) {}
  /// Edits a word as a name.
  public mutating func word(_ word: inout ByteText) { name(&word) }
  /// Edits a list of names.
  public mutating func names(_ list: inout [ByteText]) {}
  /// Edits a list of errors or reasons, of which at most so many are kept.
  public mutating func texts(_ list: inout [ByteText], most: Int) {}
  /// Edits a count.
  public mutating func count(_ count: inout Int) {}
  /// Edits a count.
  public mutating func count(_ count: inout Int64) {}
  /// Edits counts by name.
  public mutating func counts(_ counts: inout [ByteText: Int]) {}
  /// Edits counts by name.
  public mutating func counts(_ counts: inout [ByteText: Int64]) {}
  /// Edits a list of numbers, of which at most so many are kept.
  public mutating func numbers(_ list: inout [Int], most: Int) {}
  /// Edits a time span in seconds.
  public mutating func seconds(_ seconds: inout Double) {}
  public mutating func time(_ time: inout Int64) {}
  /// Looks at a histogram, which no editor changes.
  public mutating func histogram(_ histogram: LatencyHistogram) {}

  @inlinable
  public mutating func entries<Entry: StateEntry>(_ list: inout [Entry], most: Int?) {
    for index in list.indices { entry(&list[index]) }
  }

  /// Edits an entry of a list.
  @inlinable
  public mutating func entry<Entry: StateEntry>(_ entry: inout Entry) { entry.edit(&self) }

  // MARK: What may be absent

  /// Edits a name that may be absent.
  public mutating func name(_ name: inout ByteText?) {
    guard var some = name else { return }
    self.name(&some)
    name = some
  }

  /// Edits an error or a reason that may be absent.
  public mutating func text(_ text: inout ByteText?) {
    guard var some = text else { return }
    self.text(&some)
    text = some
  }

  /// Edits a count.
  public mutating func count(_ count: inout Int64?) {
    guard var some = count else { return }
    self.count(&some)
    count = some
  }

  /// Edits a time that may be absent.
  public mutating func time(_ time: inout Int64?) {
    guard var some = time else { return }
    self.time(&some)
    time = some
  }
}
