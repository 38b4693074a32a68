import Locking

/// Remembers the rows of functions that were made of one content: a key draws it again, and each row was added up over a hundred gateways.
final class MadeRows: Sendable {
  /// A screen shows fewer.
  private static let most = 500

  private let rows = Mutex<[Int: RequestRow]>([:])

  func row(at position: Int, _ make: () -> RequestRow) -> RequestRow {
    if let row = rows.withLock({ $0[position] }) { return row }
    let row = make()
    rows.withLock { if $0.count < Self.most { $0[position] = row } }
    return row
  }
}
