import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// Requests by what their events tell and no counter does: the node that answered, the version, the user, the error.
///
/// Of the events that are kept, so a part of all requests where many come: `since` and `requests` say of how many.
package struct EventBreakdown: Equatable, Sendable {
  /// Requests that have one thing in common.
  package struct Part: Equatable, Sendable {
    package var name: ByteText
    package var requests = 0
    package var failed = 0
    package var refused = 0
    /// Microseconds, of those that ran; nil where no event tells how long anything took.
    package var p50: Int64?
    package var slowest: Int64?

    package init(name: ByteText) { self.name = name }
  }

  /// When the first of the events came, microseconds since the Unix epoch; nil when there are none.
  package var since: Int64?
  /// Ended requests among them.
  package var requests = 0
  package var failed = 0
  package var refused = 0
  /// What was refused or failed most stands first, then what took longest.
  package var functions: [Part] = []
  package var nodes: [Part] = []
  package var gateways: [Part] = []
  package var versions: [Part] = []
  package var users: [Part] = []
  package var errors: [Part] = []
  /// The last event of each ended request, the latest first, those that went wrong before the others; at most `mostEnds`.
  package var ends: [EventRow] = []

  package static let mostEnds = 50

  package init() {}

  /// - Parameter rows: events, oldest first.
  package init(_ rows: [EventRow]) {
    since = rows.map(\.record.at).min()
    let ends = rows.filter(\.record.endsRequest).map(End.init)
    requests = ends.count
    failed = ends.count { $0.isFailed }
    refused = ends.count { $0.isRefused }
    functions = Self.parts(ends) { Self.functionName($0.record) }
    nodes = Self.parts(ends) { $0.isRefused ? nil : $0.record.metadata("node_called")?.string }
    gateways = Self.parts(ends) { $0.row.node }
    versions = Self.parts(ends) { $0.record.version }
    users = Self.parts(ends) { $0.record.userID }
    // Most errors have the same words, which are read once.
    var causes: [ByteText: ByteText] = [:]
    errors = Self.parts(ends) { end in
      guard let error = Self.errorText(end) else { return nil }
      if let cause = causes[error] { return cause }
      let cause = ErrorCause.text(error)
      causes[error] = cause
      return cause
    }
    let latest = ends.reversed()
    self.ends = (latest.filter { $0.outcome != .ok } + latest.filter { $0.outcome == .ok })
      .prefix(Self.mostEnds).map(\.row)
  }

  /// How a request ended: read of its event once, and not again for each thing that requests have in common.
  private struct End {
    let row: EventRow
    let outcome: RequestOutcome?
    let isRefused: Bool
    let isFailed: Bool

    init(_ row: EventRow) {
      self.row = row
      outcome = row.record.outcome
      isRefused = row.record.isRefusedEnd
      isFailed = !isRefused && row.record.isFailedEnd
    }

    var record: EventRecord { row.record }
    /// What was refused took no time, and says nothing of how long it takes.
    var duration: Int64? { outcome?.hasRun == true ? record.durationUs : nil }
  }

  /// `service request_type`, as the name of a part; told apart where names have blanks.
  package static func functionName(_ record: EventRecord) -> ByteText? {
    guard let service = record.service, let type = record.requestType, !(service.isEmpty && type.isEmpty)
    else { return nil }
    return functionName(service: service, requestType: type)
  }

  package static func functionName(service: ByteText, requestType: ByteText) -> ByteText {
    [service, requestType].joinedUniquely(by: UInt8(ascii: " "))
  }

  /// What it ended with, in its own words where it has any.
  private static func errorText(_ end: End) -> ByteText? {
    guard end.outcome != .ok, let outcome = end.record.outcomeName ?? (end.isFailed ? "unknown" : nil) else {
      return nil
    }
    let record = end.record
    let text = record.metadata("error")?.string ?? record.metadata("reason")?.string
    return text.map { $0.isEmpty ? outcome : $0 } ?? outcome
  }

  private static func parts(_ ends: [End], by name: (End) -> ByteText?) -> [Part] {
    var parts: [ByteText: Part] = [:]
    var durations: [ByteText: [Int64]] = [:]
    for end in ends {
      guard let name = name(end) else { continue }
      var part = parts[name] ?? Part(name: name)
      part.requests += 1
      if end.isRefused {
        part.refused += 1
      } else if end.isFailed {
        part.failed += 1
      }
      parts[name] = part
      if let duration = end.duration { durations[name, default: []].append(duration) }
    }
    for (name, taken) in durations {
      let sorted = taken.sorted()
      parts[name]?.p50 = sorted[(sorted.count - 1) / 2]
      parts[name]?.slowest = sorted.last
    }
    return parts.values.sorted { one, other in
      let (mine, others) = (one.failed + one.refused, other.failed + other.refused)
      if mine != others { return mine > others }
      if one.p50 != other.p50 { return one.p50 ?? -1 > other.p50 ?? -1 }
      if one.requests != other.requests { return one.requests > other.requests }
      return one.name.precedesNaturally(other.name)
    }
  }
}
