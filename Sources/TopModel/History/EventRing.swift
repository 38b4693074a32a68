import DequeModule

/// A list of rows of which the newest stay: the oldest give way, by number and by what they take in memory.
struct EventRing: Sendable {
  let capacity: Int
  /// In bytes.
  let budget: Int
  private var rows: Deque<EventRow> = []
  /// How many events had come before each row.
  private var numbers: Deque<Int64> = []
  /// What each row takes, counted once: looking through its fields costs more than keeping it.
  private var sizes: Deque<Int> = []
  private(set) var bytes = 0

  init(capacity: Int, budget: Int) {
    self.capacity = max(1, capacity)
    self.budget = budget
  }

  var count: Int { rows.count }

  var first: EventRow? { rows.first }

  /// 0 is the oldest.
  subscript(index: Int) -> EventRow { rows[index] }

  func number(at index: Int) -> Int64 { numbers[index] }

  /// The place of the first row with this number or a later one; `count` when there is none.
  func place(from number: Int64) -> Int { numbers.partition { $0 >= number } }

  /// Takes out the oldest row when there is no room for a new one of so many bytes; nil when there is.
  mutating func makeRoom(for added: Int) -> (row: EventRow, number: Int64)? {
    guard rows.count >= capacity || bytes + added > budget, let oldest = rows.popFirst() else { return nil }
    bytes -= sizes.removeFirst()
    return (oldest, numbers.removeFirst())
  }

  /// - Parameter added: what the row takes: its record's `storedBytes`.
  mutating func append(_ row: EventRow, number: Int64, bytes added: Int) {
    while makeRoom(for: added) != nil {}
    rows.append(row)
    numbers.append(number)
    sizes.append(added)
    bytes += added
  }
}
