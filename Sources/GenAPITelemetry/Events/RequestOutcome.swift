/// How a request ended. `ok`, the failures and the rejections add up to all finished requests.
public enum RequestOutcome: String, CaseIterable, Sendable, Codable {
  /// The function answered.
  case ok
  /// The function answered an error.
  case error
  /// The function did not answer in time.
  case timeout
  /// The function, or the gateway itself, threw.
  case exception
  /// No node could be reached.
  case unreachable
  /// The arguments did not fit what the function declares.
  case invalidArguments = "invalid_arguments"
  /// No such function, or no enabled version of it.
  case unsupported
  /// The caller went away before the answer.
  case cancelled
  /// The client may not call the function.
  case permissionDenied = "permission_denied"
  /// A rate limit refused.
  case rateLimited = "rate_limited"
  /// A pool refused: its queue was full or its circuit breaker open.
  case unavailable
  /// The before hook aborted the request.
  case hookRejected = "hook_rejected"

  /// Refused by policy before the function was called; neither ok nor failed.
  public var isRejection: Bool {
    switch self {
    case .permissionDenied, .rateLimited, .unavailable, .hookRejected: true
    default: false
    }
  }

  /// Whether something went wrong: neither ok nor refused by policy.
  public var isFailure: Bool { self != .ok && !isRejection }
}
