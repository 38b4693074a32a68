import GenAPIStream
import GenAPITelemetry

/// The newest events of all gateways, oldest out first; of those before them the troubles.
///
/// At thousands of events a second the newest go back seconds. What went wrong minutes ago is what is looked for,
/// so events of trouble stay longer: the first of each name in a second, some four names a second.
struct EventHistory: Sendable {
  /// About 1 kB each.
  static let capacity = 8_000
  /// Two a second for the 15 minutes that panes go back.
  static let troubleCapacity = 2_000
  private static let troublesASecond = 4

  private var newest = EventRing(capacity: capacity)
  private var troubles = EventRing(capacity: troubleCapacity)
  /// Of the second that the last trouble was in: the names that are kept already.
  private var troubleSecond: Int64 = 0
  private var troubleNames: [String] = []
  /// Most events are named as the one before: what is looked up for one holds for the next.
  private var lastName = ""
  private var lastWeight = Weight.never

  /// Events taken since the dashboard started.
  private(set) var total: Int64 = 0

  var count: Int { newest.count + troubles.count }

  mutating func append(_ row: EventRow) {
    total += 1
    if let old = newest.append(row), isTrouble(old.record) { keep(old) }
  }

  /// The newest `limit` events that pass, oldest first.
  func newest(_ limit: Int, where passes: (EventRow) -> Bool) -> [EventRow] {
    var result: [EventRow] = []
    for ring in [newest, troubles] {
      var index = ring.count - 1
      while index >= 0, result.count < limit {
        let row = ring[index]
        if passes(row) { result.append(row) }
        index -= 1
      }
    }
    return result.reversed()
  }

  private mutating func keep(_ row: EventRow) {
    let second = row.record.at / 1_000_000
    if second != troubleSecond {
      troubleSecond = second
      troubleNames.removeAll(keepingCapacity: true)
    }
    guard troubleNames.count < Self.troublesASecond, !troubleNames.contains(row.record.name) else { return }
    troubleNames.append(row.record.name)
    troubles.append(row)
  }

  /// Whether events of a name are trouble.
  private enum Weight {
    case never, always
    /// That depends on how the request ended.
    case outcome
  }

  private mutating func isTrouble(_ record: EventRecord) -> Bool {
    if record.name != lastName {
      lastName = record.name
      lastWeight =
        record.known == .executorRequestStop
        ? .outcome : EventRow.Severity(of: record) == .normal ? .never : .always
    }
    switch lastWeight {
    case .never: return false
    case .always: return true
    case .outcome:
      if record.metadata["outcome"]?.string == RequestOutcome.ok.rawValue { return false }
      return EventRow.Severity(of: record) != .normal
    }
  }
}
