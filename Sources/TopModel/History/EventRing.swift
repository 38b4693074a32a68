/// A list of rows of which the newest stay: the oldest gives way.
struct EventRing: Sendable {
  let capacity: Int
  private var rows: [EventRow] = []
  private var start = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { rows.count }

  /// 0 is the oldest.
  subscript(index: Int) -> EventRow { rows[(start + index) % rows.count] }

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

  /// The row that had to give way, if any.
  @discardableResult
  mutating func append(_ row: EventRow) -> EventRow? {
    guard rows.count >= capacity else {
      rows.append(row)
      return nil
    }
    let oldest = rows[start]
    rows[start] = row
    start = (start + 1) % capacity
    return oldest
  }
}
