import DequeModule

/// A list of rows of which the newest stay: the oldest give way, by number and by what they take in memory.
struct EventRing: Sendable {
  let capacity: Int
  /// In bytes.
  let budget: Int
  private var rows: Deque<EventRow> = []
  private(set) var bytes = 0

  init(capacity: Int, budget: Int) {
    self.capacity = max(1, capacity)
    self.budget = budget
  }

  var count: Int { rows.count }

  /// 0 is the oldest.
  subscript(index: Int) -> EventRow { rows[index] }

  /// The places of the last `limit` rows that pass, the newest first.
  func last(_ limit: Int, where passes: (EventRow) -> Bool) -> [Int] {
    var places: [Int] = []
    var index = count - 1
    while index >= 0, places.count < limit {
      if passes(self[index]) { places.append(index) }
      index -= 1
    }
    return places
  }

  /// Takes out the oldest row when there is no room for a new one; nil when there is.
  mutating func makeRoom(for row: EventRow) -> EventRow? {
    guard rows.count >= capacity || bytes + row.record.storedBytes > budget, let oldest = rows.popFirst()
    else {
      return nil
    }
    bytes -= oldest.record.storedBytes
    return oldest
  }

  mutating func append(_ row: EventRow) {
    while makeRoom(for: row) != nil {}
    rows.append(row)
    bytes += row.record.storedBytes
  }
}
