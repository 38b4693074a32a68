import GenAPIGateway

/// How long is waited before a call of another node's function is tried again.
public enum RetryPause: Sendable, Hashable {
  /// 100 ms, then twice as long each time, give or take half of it by lot, so that callers do not come back all at once.
  case growing
  /// Always as long; below 0 is 0.
  case fixed(Duration)

  /// - Parameter attempt: from 1.
  func milliseconds(_ attempt: Int) -> Int64 {
    switch self {
    case .growing: FunctionCaller.backoffMs(attempt, jitter: .random(in: 0.5...1.5))
    case .fixed(let duration): max(0, duration.wholeMilliseconds)
    }
  }
}
