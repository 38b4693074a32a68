/// An expression that is always watched, and how grave it is when it holds.
package struct AlertRule: Equatable, Sendable {
  package var expression: AlertExpression
  package var isCritical: Bool

  /// - Parameter isCritical: nil: as grave as what it watches; node down and breaker open are critical.
  package init(_ expression: AlertExpression, isCritical: Bool? = nil) {
    self.expression = expression
    self.isCritical = isCritical ?? expression.isCritical
  }

  /// More rules than anybody reads; each is looked at every second.
  package static let most = 100

  /// Rates and percentiles count only with at least this many finished requests in the window.
  static let minimumRequests: Int64 = 20

  /// How long an open breaker's alert stays while the breaker only probes, in microseconds: as long as the window of Prometheus's rules,
  /// in which one that opens again after each probe is open all the time. One that nobody calls probes for ever.
  static let probingUs: Int64 = 120_000_000

  /// What is watched when nothing else is said.
  package static let defaultTexts = [
    "node down", "breaker open", "config mismatch", "name unresolved", "rejects(*) > 5/s", "p99(*/*) > 1s",
    "error%(*/*) > 5", "lost > 0", "rejected%(*/*) > 20", "pool full", "reload failed", "certificate < 7d",
    "accept_failures > 0", "log_lines_dropped > 0", "handshakes_refused > 5/s", "pull failing",
  ]

  package static let defaults = defaultTexts.compactMap { text in
    (try? AlertExpression(parsing: text)).map { AlertRule($0) }
  }
}
