import GenAPIValue

/// `rate_limiter.check`: the limits of a request were checked.
public struct RateLimitCheck: Sendable {
  public enum Result: String, Sendable {
    case ok
    case rateLimited = "rate_limited"
    case error
  }

  public var request: RequestContext
  public var durationUs: Int64
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
  public var request: RequestContext
  public var key: ByteText
  public var keyValue: ByteText
  public var scope: ByteText
  public var maxRequests: Int
  public var currentRequests: Int
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
