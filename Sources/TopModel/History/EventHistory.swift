import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// The newest events of all gateways, oldest out first; of those before them the troubles.
///
/// At thousands of events a second the newest go back seconds. What went wrong minutes ago is what is looked for,
/// so events of trouble stay longer: the first of each name in a second, some four names a second.
struct EventHistory: Sendable {
  /// Some 500 bytes each, with the text of its fields; where they are longer there are fewer.
  static let capacity = 8_000
  static let budget = 16_000_000
  /// Two a second for the 15 minutes that panes go back.
  static let troubleCapacity = 2_000
  static let troubleBudget = 4_000_000
  private static let troublesASecond = 4

  private var newest = EventRing(capacity: capacity, budget: budget)
  private var troubles = EventRing(capacity: troubleCapacity, budget: troubleBudget)
  /// Of the second that the last trouble was in: the names that are kept already.
  private var troubleSecond: Int64 = 0
  private var troubleNames: [ByteText] = []
  /// Most events are named as the one before: what is looked up for one holds for the next.
  private var lastName: ByteText = ""
  private var lastWeight = Weight.never

  /// Events taken since the dashboard started.
  private(set) var total: Int64 = 0

  /// From when on every event is kept that came, microseconds since the Unix epoch; nil while none had to give way, or was not sent.
  var completeSince: Int64? {
    let kept = newest.count < total ? newest.first?.record.at ?? .max : nil
    return kept.map { max($0, sentSince ?? $0) } ?? sentSince
  }

  /// From when on gateways send what is asked for now, microseconds since the Unix epoch; nil for what they always did.
  var sentSince: Int64?

  var count: Int { newest.count + troubles.count }
  var bytes: Int { newest.bytes + troubles.bytes }

  mutating func append(_ row: EventRow) {
    let bytes = row.record.storedBytes
    while let old = newest.makeRoom(for: bytes) {
      if hasRoom(old.row.record), isTrouble(old.row.record) { keep(old.row, number: old.number) }
    }
    newest.append(row, number: total, bytes: bytes)
    total += 1
  }

  /// The kept event that came next before so many had come; nil when none is kept.
  func last(before number: Int64) -> (row: EventRow, number: Int64)? {
    let recent = newest.place(from: number) - 1
    if recent >= 0 { return (newest[recent], newest.number(at: recent)) }
    let older = troubles.place(from: number) - 1
    return older >= 0 ? (troubles[older], troubles.number(at: older)) : nil
  }

  /// The kept event that came first when so many had come already, or later; nil when none has.
  func first(from number: Int64) -> (row: EventRow, number: Int64)? {
    let older = troubles.place(from: number)
    if older < troubles.count { return (troubles[older], troubles.number(at: older)) }
    let recent = newest.place(from: number)
    return recent < newest.count ? (newest[recent], newest.number(at: recent)) : nil
  }

  /// How many percent of the events that are kept have a number in a range.
  func percent(in numbers: Range<Int64>) -> Int {
    let looked = [newest, troubles].reduce(0) {
      $0 + $1.place(from: numbers.upperBound) - $1.place(from: numbers.lowerBound)
    }
    return count == 0 ? 100 : looked * 100 / count
  }

  private mutating func keep(_ row: EventRow, number: Int64) {
    let second = row.record.at / 1_000_000
    if second != troubleSecond {
      troubleSecond = second
      troubleNames.removeAll(keepingCapacity: true)
    }
    troubleNames.append(row.record.name)
    troubles.append(row, number: number, bytes: row.record.storedBytes)
  }

  /// Whether one more of its name would be kept for its second: cheaper to tell than whether it is trouble.
  private func hasRoom(_ record: EventRecord) -> Bool {
    record.at / 1_000_000 != troubleSecond
      || (troubleNames.count < Self.troublesASecond && !troubleNames.contains(record.name))
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
        switch record.known?.definition.severity {
        case nil where record.known != nil: .outcome
        case nil, .normal: .never
        case .good, .warning, .critical: .always
        }
    }
    switch lastWeight {
    case .never: return false
    case .always: return true
    case .outcome:
      if record.outcome == .ok { return false }
      return record.severity != .normal
    }
  }
}
