import GenAPIValue

/// The names that occur most, of any number of them, in bounded memory.
///
/// The space-saving algorithm of Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements
/// in Data Streams" (ICDT 2005): a name that occurred more often than `total / capacity` is among the entries; a count is
/// never too small, and too large by at most its `over`, which is at most `total / capacity`.
struct SpaceSaving: Sendable {
  struct Entry: Sendable {
    var name: ByteText
    var count: Int64
    /// What the name may have been given of another, in whose place it came.
    var over: Int64
  }

  let capacity: Int
  private(set) var entries: [Entry] = []
  /// Of the entries' names: comparing numbers first finds a name without reading others.
  private var hashes: [Int] = []

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Counts a name once; looks at `capacity` numbers.
  mutating func count(_ name: ByteText, hash: Int) {
    for index in hashes.indices where hashes[index] == hash && entries[index].name == name {
      entries[index].count += 1
      return
    }
    guard entries.count == capacity else {
      entries.append(Entry(name: name, count: 1, over: 0))
      hashes.append(hash)
      return
    }
    var least = 0
    for index in 1..<entries.count where entries[index].count < entries[least].count { least = index }
    let taken = entries[least].count
    entries[least] = Entry(name: name, count: taken + 1, over: taken)
    hashes[least] = hash
  }

  /// How often a name that is not among the entries occurred at most.
  var bound: Int64 { entries.count < capacity ? 0 : entries.lazy.map(\.count).min() ?? 0 }
}
