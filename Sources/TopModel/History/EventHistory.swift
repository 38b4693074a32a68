import GenAPIStream

/// The newest events of all gateways, oldest out first.
struct EventHistory: Sendable {
  /// About 1 kB each.
  static let capacity = 10_000

  private var rows: [EventRow] = []
  private var start = 0
  /// Events taken since the dashboard started.
  private(set) var total: Int64 = 0

  var count: Int { rows.count }

  /// 0 is the oldest.
  subscript(index: Int) -> EventRow { rows[(start + index) % rows.count] }

  mutating func append(_ row: EventRow) {
    total += 1
    if rows.count < Self.capacity {
      rows.append(row)
    } else {
      rows[start] = row
      start = (start + 1) % Self.capacity
    }
  }

  /// The newest `limit` events that pass, oldest first.
  func newest(_ limit: Int, where passes: (EventRow) -> Bool) -> [EventRow] {
    var result: [EventRow] = []
    var index = count - 1
    while index >= 0, result.count < limit {
      let row = self[index]
      if passes(row) { result.append(row) }
      index -= 1
    }
    return result.reversed()
  }
}
