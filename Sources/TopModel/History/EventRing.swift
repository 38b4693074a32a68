import DequeModule

/// A list of rows of which the newest stay: the oldest give way, by number and by what they take in memory.
struct EventRing: Sendable {
  let capacity: Int
  /// In bytes.
  let budget: Int
  private var rows: Deque<EventRow> = []
  /// How many events had come before each row.
  private var numbers: Deque<Int64> = []
  private(set) var bytes = 0

  init(capacity: Int, budget: Int) {
    self.capacity = max(1, capacity)
    self.budget = budget
  }

  var count: Int { rows.count }

  /// 0 is the oldest.
  subscript(index: Int) -> EventRow { rows[index] }

  func number(at index: Int) -> Int64 { numbers[index] }

  /// The place of the first row with this number or a later one; `count` when there is none.
  func place(from number: Int64) -> Int { numbers.partition { $0 >= number } }

  /// Takes out the oldest row when there is no room for a new one; nil when there is.
  mutating func makeRoom(for row: EventRow) -> (row: EventRow, number: Int64)? {
    guard rows.count >= capacity || bytes + row.record.storedBytes > budget, let oldest = rows.popFirst()
    else {
      return nil
    }
    bytes -= oldest.record.storedBytes
    return (oldest, numbers.removeFirst())
  }

  mutating func append(_ row: EventRow, number: Int64) {
    while makeRoom(for: row) != nil {}
    rows.append(row)
    numbers.append(number)
    bytes += row.record.storedBytes
  }
}
