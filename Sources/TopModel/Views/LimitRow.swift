import GenAPITelemetry
import GenAPIValue

/// One rate limit in the limits pane, over all gateways.
public struct LimitRow: Equatable, Sendable, Identifiable {
  /// A key value close to, or over, the limit.
  public struct Key: Equatable, Sendable {
    public var value: ByteText
    public var node: ByteText
    public var used: Int
    public var max: Int
    public var resetMs: Int64
    public var rejections: Int64

    public init(value: ByteText, node: ByteText, used: Int, max: Int, resetMs: Int64, rejections: Int64) {
      self.value = value
      self.node = node
      self.used = used
      self.max = max
      self.resetMs = resetMs
      self.rejections = rejections
    }
  }

  /// A stretch of time in which a limit refused again and again.
  public struct Refusing: Equatable, Sendable {
    /// Microseconds since the Unix epoch.
    public var since: Int64
    /// It refused already when the history began.
    public var isLonger: Bool

    public init(since: Int64, isLonger: Bool = false) {
      self.since = since
      self.isLonger = isLonger
    }
  }

  public var id: ByteText
  /// `global` or `service/request_type`.
  public var scope: ByteText
  public var key: ByteText
  public var maxRequests: Int
  public var windowMs: Int64
  /// Over the window.
  public var checksPerSecond: Double
  public var rejectionsPerSecond: Double
  /// Since the gateways started.
  public var rejections: Int64
  public var trackedKeys: Int
  /// Microseconds since the Unix epoch.
  public var lastRejectionAt: Int64?
  /// Since when it refuses without a longer break; nil when it does not.
  public var refusing: Refusing?
  /// Hottest first.
  public var keys: [Key]
  public var isStale: Bool

  public init(
    id: ByteText, scope: ByteText, key: ByteText, maxRequests: Int, windowMs: Int64,
    checksPerSecond: Double = 0,
    rejectionsPerSecond: Double = 0, rejections: Int64 = 0, trackedKeys: Int = 0,
    lastRejectionAt: Int64? = nil, refusing: Refusing? = nil,
    keys: [Key] = [], isStale: Bool = false
  ) {
    self.id = id
    self.scope = scope
    self.key = key
    self.maxRequests = maxRequests
    self.windowMs = windowMs
    self.checksPerSecond = checksPerSecond
    self.rejectionsPerSecond = rejectionsPerSecond
    self.rejections = rejections
    self.trackedKeys = trackedKeys
    self.lastRejectionAt = lastRejectionAt
    self.refusing = refusing
    self.keys = keys
    self.isStale = isStale
  }
}
