import GenAPITelemetry
import GenAPIValue

/// What a load generator saw.
public struct LoadReport: Sendable {
  public var seconds: Double = 0
  public var connections = 0
  public var sent: Int64 = 0
  public var ok: Int64 = 0
  /// By the error's text; at most 20, the others together as "(others)".
  public var errors: [String: Int64] = [:]
  /// Requests without an answer when the time was over.
  public var unanswered: Int64 = 0
  /// Sockets that ended before the time was over.
  public var lostConnections: Int64 = 0
  /// Microseconds from the time a request was due, not from when it could be sent: a server that stalls does not
  /// hide the requests that would have come meanwhile.
  public var latency = LatencyHistogram()

  public init() {}

  public var failed: Int64 { errors.values.reduce(0, +) }
  public var throughput: Double { seconds > 0 ? Double(ok + failed) / seconds : 0 }

  mutating func countError(_ text: String) {
    let key = errors[text] != nil || errors.count < 20 ? text : "(others)"
    errors[key, default: 0] += 1
  }

  static func += (a: inout LoadReport, b: LoadReport) {
    a.sent += b.sent
    a.ok += b.ok
    a.unanswered += b.unanswered
    a.lostConnections += b.lostConnections
    a.latency += b.latency
    for (text, count) in b.errors {
      let key = a.errors[text] != nil || a.errors.count < 20 ? text : "(others)"
      a.errors[key, default: 0] += count
    }
  }

  public var value: Value {
    var errors = ValueObject()
    for (text, count) in self.errors.sorted(by: { $0.value > $1.value }) {
      errors[ByteText(text)] = .int(count)
    }
    var latency = ValueObject()
    for (name, fraction) in Self.quantiles {
      latency[ByteText(name)] = self.latency.quantile(fraction).map(Value.int) ?? .null
    }
    return [
      "seconds": .double(seconds), "connections": .int(Int64(connections)), "sent": .int(sent),
      "ok": .int(ok),
      "failed": .int(failed), "unanswered": .int(unanswered), "lost_connections": .int(lostConnections),
      "requests_per_second": .double(throughput.rounded()), "latency_us": .object(latency),
      "errors": .object(errors),
    ]
  }

  static let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)]

  public var text: String {
    var lines = [
      "\(sent) requests in \(Self.rounded(seconds)) s on \(connections) connections: \(ok) ok, \(failed) failed, "
        + "\(unanswered) unanswered",
      "\(Int64(throughput.rounded())) requests/s",
    ]
    if lostConnections > 0 { lines.append("\(lostConnections) connections were lost") }
    let parts = Self.quantiles.map { name, fraction in
      "\(name) \(latency.quantile(fraction).map(Self.micros) ?? "-")"
    }
    lines.append("latency " + parts.joined(separator: "  "))
    for (text, count) in errors.sorted(by: { $0.value > $1.value }) { lines.append("  \(count) × \(text)") }
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
