import GenAPITelemetry
import GenAPIValue
import OutsideText

/// What a load generator saw.
package struct LoadReport: Sendable {
  package var seconds: Double = 0
  package var connections = 0
  package var sent: Int64 = 0
  /// Requests that were sent before it was measured, which no other count has.
  package var warmUpRequests: Int64 = 0
  /// Requests that were due, at a fixed rate, and could not be sent: their connection was lost, it had too many
  /// under way, or the generator itself came too late.
  package var notSent: Int64 = 0
  package var ok: Int64 = 0
  /// By the error's text; at most 20, the others together as "(others)".
  package var errors: [ByteText: Int64] = [:]
  /// Requests without an answer when the time was over.
  package var unanswered: Int64 = 0
  /// Requests whose connection ended before their answer.
  package var lostRequests: Int64 = 0
  /// Sockets that ended before the time was over.
  package var lostConnections: Int64 = 0
  /// Sockets that were opened and joined again.
  package var reconnects: Int64 = 0
  /// Why sockets ended and could not be opened again; at most 20, the others together as "(others)".
  package var connectionErrors: [ByteText: Int64] = [:]
  /// Microseconds from the time a request was due, not from when it could be sent: a server that stalls does not
  /// hide the requests that would have come meanwhile.
  package var latency = LatencyHistogram()

  package init() {}

  package var failed: Int64 { errors.values.reduce(0, +) }
  package var answered: Int64 { ok + failed }
  package var throughput: Double { seconds > 0 ? Double(answered) / seconds : 0 }

  mutating func countError(_ text: ByteText) { Self.add(1, of: text, to: &errors) }
  mutating func countConnectionError(_ text: ByteText) { Self.add(1, of: text, to: &connectionErrors) }

  private static func add(_ count: Int64, of text: ByteText, to counts: inout [ByteText: Int64]) {
    // From a server that may say anything.
    let key = counts[text] != nil || (counts.count < 20 && text.utf8.count <= 500) ? text : "(others)"
    counts[key, default: 0] += count
  }

  static func += (a: inout LoadReport, b: LoadReport) {
    a.sent += b.sent
    a.warmUpRequests += b.warmUpRequests
    a.notSent += b.notSent
    a.ok += b.ok
    a.unanswered += b.unanswered
    a.lostRequests += b.lostRequests
    a.lostConnections += b.lostConnections
    a.reconnects += b.reconnects
    a.latency += b.latency
    for (text, count) in b.errors { add(count, of: text, to: &a.errors) }
    for (text, count) in b.connectionErrors { add(count, of: text, to: &a.connectionErrors) }
  }

  package var value: Value {
    var latency = ValueObject()
    for (name, fraction) in Self.quantiles {
      latency[ByteText(name)] = self.latency.quantile(fraction).map(Value.int) ?? .null
    }
    return [
      "seconds": .double(seconds), "connections": .int(Int64(connections)), "due": .int(sent + notSent),
      "sent": .int(sent), "warm_up_requests": .int(warmUpRequests), "not_sent": .int(notSent), "ok": .int(ok),
      "failed": .int(failed),
      "unanswered": .int(unanswered), "lost_requests": .int(lostRequests),
      "lost_connections": .int(lostConnections), "reconnects": .int(reconnects),
      "requests_per_second": .double(throughput.rounded()), "latency_us": .object(latency),
      "errors": Self.value(errors), "connection_errors": Self.value(connectionErrors),
    ]
  }

  private static func value(_ counts: [ByteText: Int64]) -> Value {
    var object = ValueObject()
    for (text, count) in sorted(counts) { object[text] = .int(count) }
    return .object(object)
  }

  private static func sorted(_ counts: [ByteText: Int64]) -> [(key: ByteText, value: Int64)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  }

  static let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)]

  package var text: String {
    var lines = [
      "\(sent) requests in \(Self.rounded(seconds)) s on \(connections) connections: \(ok) ok, \(failed) failed, "
        + "\(unanswered) unanswered",
      "\(Int64(throughput.rounded())) requests/s",
    ]
    if warmUpRequests > 0 {
      lines.append("\(warmUpRequests) requests of the warm-up before are in none of these numbers")
    }
    if notSent > 0 { lines.append("\(notSent) requests were due and not sent") }
    if lostConnections > 0 {
      lines.append(
        "\(lostConnections) connections were lost, with \(lostRequests) requests; \(reconnects) were made again"
      )
    }
    let parts = Self.quantiles.map { name, fraction in
      "\(name) \(latency.quantile(fraction).map(Self.micros) ?? "-")"
    }
    lines.append("latency " + parts.joined(separator: "  "))
    for (text, count) in Self.sorted(errors) { lines.append("  \(count) × \(text.shown)") }
    for (text, count) in Self.sorted(connectionErrors) {
      lines.append("  \(count) × connection: \(text.shown)")
    }
    return lines.joined(separator: "\n")
  }

  private static func micros(_ value: Int64) -> String {
    value < 1_000 ? "\(value) µs" : "\(rounded(Double(value) / 1_000)) ms"
  }

  private static func rounded(_ value: Double) -> String {
    let hundredths = Int64((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
