import GenAPIValue

/// Finds the entries of one list in another that usually has them in the same order, as two states of one gateway have.
///
/// Going through both lists costs a comparison an entry and makes no keys. Where an entry does not come after the one found
/// before it, keys are made once for the whole list.
package struct EntryMatcher<Entry: StateEntry> {
  private let entries: [Entry]
  private var next = 0
  /// By key; nil while the order held.
  private var positions: [ByteText: Int]?

  package init(_ entries: [Entry]) { self.entries = entries }

  /// Where the other list has an entry of the same key; nil when it has none.
  package mutating func position(of entry: Entry) -> Int? {
    if positions == nil {
      // Where they lie: a copy of one would count all of its references.
      let found = entries.withUnsafeBufferPointer { entries in
        (next..<entries.count).first { entries[$0].isSameEntry(as: entry) }
      }
      if let found {
        next = found + 1
        return found
      }
    }
    return keyed[entry.entryKey]
  }

  /// Says that the other list has another entry now, behind all that it had.
  mutating func append(_ entry: Entry, at position: Int) {
    _ = keyed
    positions?[entry.entryKey] = position
  }

  private var keyed: [ByteText: Int] {
    mutating get {
      if let positions { return positions }
      let made = Dictionary(
        entries.enumerated().map { ($0.element.entryKey, $0.offset) }, uniquingKeysWith: { first, _ in first }
      )
      positions = made
      return made
    }
  }
}

extension Array {
  /// Whether both are the same memory, so that neither needs to be looked at.
  package func shares(_ other: [Element]) -> Bool {
    withUnsafeBufferPointer { mine in
      other.withUnsafeBufferPointer {
        mine.count == $0.count && (mine.isEmpty || mine.baseAddress == $0.baseAddress)
      }
    }
  }
}

extension UnsafeBufferPointer {
  /// The first place from one on where something is so, among the next 24: comparing so many names takes as long as looking one up.
  ///
  /// - Parameter holds: shown where an element lies: a copy of one may count a dozen references.
  @inlinable
  package func near(_ next: Int, where holds: (UnsafePointer<Element>) -> Bool) -> Int? {
    guard let baseAddress else { return nil }
    var place = next
    while place < Swift.min(count, next + 24) {
      if holds(baseAddress + place) { return place }
      place += 1
    }
    return nil
  }
}
