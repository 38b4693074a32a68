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
  /// Those of them that ended in the window shown; nil where no event is older.
  package var inWindow: Ends?
  /// What was refused or failed most stands first, then what took longest.
  package var functions: [Part] = []
  package var nodes: [Part] = []
  package var gateways: [Part] = []
  package var versions: [Part] = []
  package var users: [Part] = []
  package var errors: [Part] = []
  /// Hooks that failed, by the node that ran them; those that failed most first.
  package var hookFailures: [HookFailures] = []
  /// The last event of each ended request, the latest first, those that went wrong before the others; at most `mostEnds`.
  package var ends: [EventRow] = []

  package static let mostEnds = 50

  /// How many requests ended, and how.
  package struct Ends: Equatable, Sendable {
    package var requests: Int
    package var failed: Int
    package var refused: Int

    package init(requests: Int, failed: Int, refused: Int) {
      (self.requests, self.failed, self.refused) = (requests, failed, refused)
    }
  }

  /// A hook's failures on one node.
  package struct HookFailures: Equatable, Sendable {
    package var hook: ByteText
    /// nil for hooks of gateways themselves.
    package var node: ByteText?
    package var count: Int
    /// Of the last one, and when it came, microseconds since the Unix epoch.
    package var reason: ByteText
    package var at: Int64
  }

  package init() {}

  /// - Parameters:
  ///   - rows: events, oldest first.
  ///   - begin: of the window that the page's other numbers are of; nil where there are none.
  package init(_ rows: [EventRow], windowFrom begin: Int64? = nil) {
    since = rows.map(\.record.at).min()
    let ends = rows.filter(\.record.endsRequest).map(EndedRequest.init)
    requests = ends.count
    failed = ends.count { $0.isFailed }
    refused = ends.count { $0.isRefused }
    if let begin, let since, since < begin {
      let recent = ends.filter { $0.record.at >= begin }
      inWindow = Ends(
        requests: recent.count, failed: recent.count { $0.isFailed }, refused: recent.count { $0.isRefused })
    }
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
    hookFailures = Self.hookFailures(rows)
    let latest = ends.reversed()
    self.ends = (latest.filter { $0.outcome != .ok } + latest.filter { $0.outcome == .ok })
      .prefix(Self.mostEnds).map(\.row)
  }

  /// Compared as they are: of thousands of events none need be looked up for it.
  private static let hookNames = (
    before: EventName.hookBeforeException.path, after: EventName.hookAfterException.path
  )

  private static func hookFailures(_ rows: [EventRow]) -> [HookFailures] {
    var found: [[ByteText?]: HookFailures] = [:]
    for row in rows {
      let record = row.record
      guard record.name == hookNames.before || record.name == hookNames.after else { continue }
      let hook: ByteText = [
        record.metadata("module")?.string ?? "", record.metadata("function")?.string ?? "",
      ]
      .joined(separator: ".")
      let node = record.metadata("node")?.string
      var failures = found[[hook, node]] ?? HookFailures(hook: hook, node: node, count: 0, reason: "", at: 0)
      failures.count += 1
      failures.reason = record.metadata("reason")?.string ?? ""
      failures.at = record.at
      found[[hook, node]] = failures
    }
    return found.values.sorted { one, other in
      one.count == other.count
        ? (one.node ?? "").precedesNaturally(other.node ?? "") : one.count > other.count
    }
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
  private static func errorText(_ end: EndedRequest) -> ByteText? {
    guard end.outcome != .ok, let outcome = end.record.outcomeName ?? (end.isFailed ? "unknown" : nil) else {
      return nil
    }
    let record = end.record
    let text = record.metadata("error")?.string ?? record.metadata("reason")?.string
    return text.map { $0.isEmpty ? outcome : $0 } ?? outcome
  }

  private static func parts(_ ends: [EndedRequest], by name: (EndedRequest) -> ByteText?) -> [Part] {
    var tallies: [ByteText: EndTally] = [:]
    for end in ends {
      if let name = name(end) { tallies[name, default: EndTally()].add(end) }
    }
    let parts = tallies.map { name, tally in
      let latencies = tally.latencies
      var part = Part(name: name)
      (part.requests, part.failed, part.refused) = (tally.requests, tally.failed, tally.refused)
      (part.p50, part.slowest) = (latencies.quantile(0.5), latencies.slowest)
      return part
    }
    return parts.sorted { one, other in
      let (mine, others) = (one.failed + one.refused, other.failed + other.refused)
      if mine != others { return mine > others }
      if one.p50 != other.p50 { return one.p50 ?? -1 > other.p50 ?? -1 }
      if one.requests != other.requests { return one.requests > other.requests }
      return one.name.precedesNaturally(other.name)
    }
  }
}
