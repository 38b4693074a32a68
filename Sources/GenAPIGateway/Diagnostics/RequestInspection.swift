import GenAPIValue

/// What would become of one request, without calling its function or counting it against a limit.
public struct RequestInspection: Codable, Sendable, Equatable {
  /// What would be done with the request.
  public var flow: CallFlow
  /// nil when a callback decides, which is asked at run time only, or when there is no function.
  public var isPermitted: Bool?
  /// The limits that apply, with what is used of each now.
  public var limits: [Usage]
  /// What the client would be told of its arguments; nil when they are right.
  public var argumentError: ByteText?
  /// The node that would be tried first; nil when it is drawn by lot, in turn, or runs here.
  public var firstNode: ByteText?

  /// How a key value stands under one limit.
  public struct Usage: Codable, Sendable, Equatable {
    /// The limit's id.
    public var limit: ByteText
    /// The key's value in this request.
    public var keyValue: ByteText
    /// Requests of the key in the window.
    public var used: Int
    /// Requests that the key may still make.
    public var remaining: Int
    /// Milliseconds until the key is let in again, when it is refused now; otherwise until the oldest counted request no
    /// longer counts.
    public var resetMs: Int64
    /// How often the key was refused since it became tracked.
    public var refused: Int64
    /// Whether the limit refuses the key now.
    public var refusesNow: Bool

    init(keyValue: ByteText, _ status: RateLimitStatus) {
      limit = status.limit.id
      self.keyValue = keyValue
      (used, remaining) = (status.currentRequests, status.remaining)
      (resetMs, refused) = (status.resetMs, status.rejections)
      refusesNow = status.remaining == 0
    }

    private enum CodingKeys: String, CodingKey {
      case limit
      case keyValue = "key_value"
      case used
      case remaining
      case resetMs = "reset_ms"
      case refused
      case refusesNow = "refuses_now"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case flow
    case isPermitted = "permitted"
    case limits
    case argumentError = "argument_error"
    case firstNode = "first_node"
  }
}
