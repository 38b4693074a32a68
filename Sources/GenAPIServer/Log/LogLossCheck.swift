import GenAPIGateway
import Locking
import OutsideText

/// Whether lines of the log were lost lately, as a check of `/healthz`: somebody who looks for what happened would not find it.
final class LogLossCheck: Sendable {
  /// How long a loss is told, in nanoseconds: ten minutes.
  static let toldNs: Int64 = 600_000_000_000

  private struct State {
    var dropped: Int64 = 0
    /// When it was seen last that lines are missing.
    var seenNs: Int64?
  }

  private let state = Mutex(State())

  /// - Parameters:
  ///   - dropped: lines lost since the start.
  ///   - nowNs: of the steady clock.
  func check(dropped: Int64, at nowNs: Int64) -> HealthCheck {
    let isRecent = state.withLock { state in
      if dropped > state.dropped {
        state.dropped = dropped
        state.seenNs = nowNs
      }
      return state.seenNs.map { nowNs.saturatingSubtract($0) < Self.toldNs } ?? false
    }
    guard dropped > 0 else { return HealthCheck("log", .ok, "all lines written") }
    let lines = dropped == 1 ? "1 line" : "\(dropped) lines"
    return isRecent
      ? HealthCheck(
        "log", .degraded,
        "\(lines) lost: nobody takes them in time, or they cannot be written; more in the last 10 minutes")
      : HealthCheck("log", .ok, "\(lines) lost since the start, none in the last 10 minutes")
  }
}
