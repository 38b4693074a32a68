/// A dictionary of bounded size that can give up its oldest entry. Every operation is amortized O(1).
struct AgeBoundedMap<Key: Hashable, Element> {
  let capacity: Int
  private var entries: [Key: (age: UInt64, element: Element)] = [:]
  private var keysByAge: [UInt64: Key] = [:]
  private var nextAge: UInt64 = 0
  /// No entry is older; it only ever grows, so finding the oldest visits each age once.
  private var oldest: UInt64 = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { entries.count }
  var elements: [Element] { entries.values.sorted { $0.age < $1.age }.map(\.element) }

  /// What had to go: the entry of the same key, or the oldest when the map was full.
  mutating func insert(_ element: Element, for key: Key) -> (replaced: Element?, evicted: Element?) {
    let replaced = remove(key)
    let evicted = entries.count >= capacity ? removeOldest() : nil
    entries[key] = (nextAge, element)
    keysByAge[nextAge] = key
    nextAge += 1
    return (replaced, evicted)
  }

  mutating func remove(_ key: Key) -> Element? {
    guard let entry = entries.removeValue(forKey: key) else { return nil }
    keysByAge[entry.age] = nil
    return entry.element
  }

  private mutating func removeOldest() -> Element? {
    while oldest < nextAge {
      defer { oldest += 1 }
      if let key = keysByAge[oldest] { return remove(key) }
    }
    return nil
  }

  /// Changes the entry in place; nil when there is none.
  mutating func update<Result>(_ key: Key, _ change: (inout Element) -> Result) -> Result? {
    guard let index = entries.index(forKey: key) else { return nil }
    return change(&entries.values[index].element)
  }
}
