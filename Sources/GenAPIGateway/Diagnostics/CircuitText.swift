import GenAPITelemetry
import GenAPIValue

/// Words a circuit breaker for operators.
enum CircuitText {
  /// Rows of a table, and names in a line: what is left out is counted.
  static let mostRows = 100
  static let mostNames = 3

  /// What it stands before: `orders on a@host`, `worker 3`, or the pool itself.
  static func subject(_ breaker: BreakerState) -> String {
    if let service = breaker.service {
      return service.asName.string + (breaker.node.map { " on \($0)" } ?? "")
    }
    return breaker.worker.map { "worker \($0)" } ?? "the pool"
  }

  /// The first of them by name, and how many more there are.
  static func names(_ breakers: [BreakerState]) -> String {
    let more = breakers.count - mostNames
    return breakers.prefix(mostNames).map(subject).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }

  /// `open after 5 failures in a row, tries again in 12 s`.
  static func state(_ breaker: BreakerState, now: Int64) -> String {
    switch breaker.state {
    case .closed: return "closed"
    case .unknown(let word): return word.string
    case .halfOpen:
      return breaker.isProbing == true
        ? "half-open: one request tries, others wait for what comes of it"
        : "half-open: the next request is its probe"
    case .open:
      let left = breaker.probeAt.map { (max(0, $0 - now) + 999_999) / 1_000_000 }
      return "open after \(breaker.consecutiveFailures) failures in a row"
        + (left.map { ", tries again in \($0) s" } ?? "")
    }
  }

  /// Those that are not closed; empty when all are.
  static func table(_ breakers: [BreakerState], now: Int64) -> String {
    let out = breakers.filter { $0.state != .closed }
    guard !out.isEmpty else { return "" }
    let rows = out.prefix(mostRows).map { breaker -> OperatorText.Row in
      [
        breaker.pool, subject(breaker), state(breaker, now: now), breaker.refused.map(String.init) ?? "-",
        breaker.lastReason?.string ?? "-",
      ]
    }
    return OperatorText.table([["POOL", "OF", "CIRCUIT", "REFUSED", "LAST FAILURE"]] + rows)
      + (out.count > mostRows ? "\n… and \(out.count - mostRows) more" : "")
  }
}
