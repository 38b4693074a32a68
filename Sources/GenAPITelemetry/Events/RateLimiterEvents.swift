import GenAPIValue

/// `rate_limiter.check`: the limits of a request were checked.
public struct RateLimitCheck: Sendable {
  /// What can come of a check.
  public enum Result: String, Sendable {
    /// No limit refused.
    case ok
    /// A limit refused.
    case rateLimited = "rate_limited"
    /// The check itself failed.
    case error
  }

  /// The request that this belongs to.
  public var request: RequestContext
  /// How long the check took, in microseconds.
  public var durationUs: Int64
  /// What came of the check.
  public var result: Result
  /// The kind of key of the limit that refused; nil when none did.
  public var key: ByteText?
  /// `global` or `service/request_type` of the limit that refused; nil when none did.
  public var scope: ByteText?

  public init(
    request: RequestContext, durationUs: Int64, result: Result, key: ByteText? = nil, scope: ByteText? = nil
  ) {
    self.request = request
    self.durationUs = durationUs
    self.result = result
    self.key = key
    self.scope = scope
  }
}

/// `rate_limiter.exceeded`: a request was refused by a limit.
public struct RateLimitExceeded: Sendable, Equatable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// What the limit counts apart: `user_id`, `device_id`, `ip_address` or an argument's name.
  public var key: ByteText
  /// The value of the key: the user, the address …
  public var keyValue: ByteText
  /// Whose limit refused: `global`, or `service/request_type`.
  public var scope: ByteText
  /// Requests that a key may make in a window.
  public var maxRequests: Int
  /// Requests of the key in the window.
  public var currentRequests: Int
  /// The window's length, in milliseconds.
  public var windowMs: Int64
  /// Milliseconds until the next request would be let through.
  public var retryAfterMs: Int64

  public init(
    request: RequestContext, key: ByteText, keyValue: ByteText, scope: ByteText, maxRequests: Int,
    currentRequests: Int, windowMs: Int64, retryAfterMs: Int64
  ) {
    self.request = request
    self.key = key
    self.keyValue = keyValue
    self.scope = scope
    self.maxRequests = maxRequests
    self.currentRequests = currentRequests
    self.windowMs = windowMs
    self.retryAfterMs = retryAfterMs
  }
}

extension RateLimitExceeded {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("key", key)
    visitor.field("key_value", keyValue)
    visitor.field("scope", scope)
    visitor.field("max_requests", maxRequests)
    visitor.field("current_requests", currentRequests)
    visitor.field("window_ms", windowMs)
  }
}
