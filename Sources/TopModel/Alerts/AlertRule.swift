/// The rules that are always watched.
enum AlertRule: String, CaseIterable, Sendable {
  case nodeDown = "node down"
  case breakerOpen = "breaker open"
  case configMismatch = "config mismatch"
  case rejections = "rejects > 5/s"
  case slow = "p99 > 1s"
  case errors = "errors > 5%"

  /// Rates and percentiles count only with at least this many finished requests in the window.
  static let minimumRequests = 20

  var isCritical: Bool { self == .nodeDown || self == .breakerOpen }
}
