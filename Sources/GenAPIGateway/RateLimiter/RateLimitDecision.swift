import GenAPITelemetry

/// What the rate limiter says to a request.
public enum RateLimitDecision: Sendable, Equatable {
  /// No limit refuses.
  case allowed
  /// Apart, so that the usual answer is one word.
  indirect case limited(RateLimitExceeded)
  /// The check itself failed, and `failOpen` is false.
  case unavailable
}

/// How one limit stands for one key value.
public struct RateLimitStatus: Sendable, Equatable {
  /// The limit.
  public var limit: RateLimit
  /// Requests counted in the window that ends now.
  public var currentRequests: Int
  /// Requests that the key may still make in this window.
  public var remaining: Int
  /// Milliseconds until the key is let in again, when nothing remains; otherwise until the oldest counted request leaves the
  /// window. 0 when nothing is counted.
  public var resetMs: Int64
  /// Refusals of the key since it became tracked.
  public var rejections: Int64
}
