import GenAPIValue

/// How a request ended. `ok`, the failures, the rejections and what was given up add up to all finished requests.
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
  /// The caller went away before the answer. Nothing failed, and nothing was refused.
  case cancelled
  /// The client may not call the function.
  case permissionDenied = "permission_denied"
  /// A rate limit refused.
  case rateLimited = "rate_limited"
  /// A pool refused: its queue was full or its circuit breaker open.
  case unavailable
  /// The before hook aborted the request.
  case hookRejected = "hook_rejected"
  /// The gateway shuts down, or the connection has to end, and nothing new begins.
  case draining
  /// The gateway gave it up while its caller was there: it shut down, or the connection had to end. Nobody knows whether it was done.
  case cutOff = "cut_off"

  private static let named = Dictionary(uniqueKeysWithValues: allCases.map { (ByteText($0.rawValue), $0) })

  /// The outcome that a gateway calls so; nil for one that only later versions know.
  package init?(_ name: ByteText) {
    guard let outcome = Self.named[name] else { return nil }
    self = outcome
  }

  /// Its index in `allCases`. A switch, because it is on every request's path.
  package var index: Int {
    switch self {
    case .ok: 0
    case .error: 1
    case .timeout: 2
    case .exception: 3
    case .unreachable: 4
    case .invalidArguments: 5
    case .unsupported: 6
    case .cancelled: 7
    case .permissionDenied: 8
    case .rateLimited: 9
    case .unavailable: 10
    case .hookRejected: 11
    case .draining: 12
    case .cutOff: 13
    }
  }

  /// Refused by policy before the function was called; neither ok nor failed.
  public var isRejection: Bool {
    switch self {
    case .permissionDenied, .rateLimited, .unavailable, .hookRejected, .draining: true
    default: false
    }
  }

  /// Whether the function was called, or was tried to be: what was refused or named no function took none of its time. How
  /// long requests take is told of these.
  public var hasRun: Bool {
    switch self {
    case .invalidArguments, .unsupported: false
    default: !isRejection
    }
  }

  /// Whether it was given up before its answer, by its caller who went away or by the gateway; neither ok nor failed nor refused.
  public var isGivenUp: Bool { self == .cancelled || self == .cutOff }

  /// Whether something went wrong: neither ok, nor refused by policy, nor given up.
  public var isFailure: Bool { self != .ok && !isGivenUp && !isRejection }
}
