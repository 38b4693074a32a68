import GenAPIValue

/// One configured rate limit.
public struct LimitState: StateEntry {
  /// Unique among the gateway's limits: scope, kind of key, maximum and window.
  public var id: ByteText
  /// `global` or `service/request_type`; a `/` in a service's name is written `\/`.
  public var scope: ByteText
  /// The kind of key: user_id, device_id, ip_address, or an argument's name.
  public var key: ByteText
  /// Requests that a key may make in a window.
  public var maxRequests: Int
  /// The window's length, in milliseconds.
  public var windowMs: Int64
  /// Requests that were measured by it.
  public var checks: Int64
  /// Of these, those that were refused.
  public var rejections: Int64
  /// Distinct key values with a request in the window.
  public var trackedKeys: Int
  /// Microseconds since the Unix epoch.
  public var lastRejectionAt: Int64?

  public var entryKey: ByteText { id }
  public var owner: StateOwner { .scope(scope) }

  /// What its counts belong to: not its maximum, which a reload may change while they go on.
  public var identity: ByteText { [scope, key, "\(windowMs)"].joinedAsKey }

  public init(
    id: ByteText, scope: ByteText, key: ByteText, maxRequests: Int, windowMs: Int64, checks: Int64 = 0,
    rejections: Int64 = 0, trackedKeys: Int = 0, lastRejectionAt: Int64? = nil
  ) {
    self.id = id
    self.scope = scope
    self.key = key
    self.maxRequests = maxRequests
    self.windowMs = windowMs
    self.checks = checks
    self.rejections = rejections
    self.trackedKeys = trackedKeys
    self.lastRejectionAt = lastRejectionAt
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    // Names that were joined: cut as one, two limits would be one.
    editor.text(&id)
    editor.text(&scope)
    editor.name(&key)
    editor.count(&maxRequests)
    editor.count(&windowMs)
    editor.count(&checks)
    editor.count(&rejections)
    editor.count(&trackedKeys)
    editor.time(&lastRejectionAt)
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case scope
    case key
    case maxRequests = "max_requests"
    case windowMs = "window_ms"
    case checks
    case rejections
    case trackedKeys = "tracked_keys"
    case lastRejectionAt = "last_rejection_at"
  }
}
