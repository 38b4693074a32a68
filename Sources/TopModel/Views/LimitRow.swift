import GenAPITelemetry
import GenAPIValue

/// One rate limit in the limits pane, over all gateways.
package struct LimitRow: Equatable, Sendable, Identifiable {
  /// A key value close to, or over, the limit.
  package struct Key: Equatable, Sendable {
    package var value: ByteText
    package var node: ByteText
    package var used: Int
    package var max: Int
    package var resetMs: Int64
    /// Since the key is tracked; nil where its gateway does not tell.
    package var rejections: Int64?
    /// The part of them that fell into the window shown, as far as it was watched.
    package var refused: Int64
    /// False for one that its gateway tells nothing of any more, since it is used no more or others are closer to the limit: how much of
    /// the limit is used is not known, and counts as none.
    package var isTold: Bool

    package init(
      value: ByteText, node: ByteText, used: Int, max: Int, resetMs: Int64, rejections: Int64?,
      refused: Int64 = 0, isTold: Bool = true
    ) {
      self.value = value
      self.node = node
      self.used = used
      self.max = max
      self.resetMs = resetMs
      self.rejections = rejections
      self.refused = refused
      self.isTold = isTold
    }
  }

  /// A stretch of time in which a limit refused again and again.
  package struct Refusing: Equatable, Sendable {
    /// Microseconds since the Unix epoch, a whole second: the first refusal was in that one or the next.
    package var since: Int64
    /// It refused already when the history began.
    package var isLonger: Bool
    /// Refusals since then, and the seconds they are of; 0 seconds where that was not counted.
    package var refused: Int64
    package var seconds: Int64
    /// Over the time since then; nil where that was not counted.
    package var perSecond: Double? { seconds > 0 ? Double(refused) / Double(seconds) : nil }

    package init(since: Int64, isLonger: Bool = false, refused: Int64 = 0, seconds: Int64 = 0) {
      self.since = since
      self.isLonger = isLonger
      self.refused = refused
      self.seconds = seconds
    }

    /// What two gateways refused, since the first of them began to.
    mutating func add(_ other: Refusing) {
      if other.since < since { (since, isLonger) = (other.since, other.isLonger) }
      refused = refused.saturatingAdd(other.refused)
      seconds = max(seconds, other.seconds)
    }
  }

  package var id: ByteText
  /// `global` or `service/request_type`.
  package var scope: ByteText
  package var key: ByteText
  package var maxRequests: Int
  package var windowMs: Int64
  /// Over the window; nil where no gateway tells.
  package var checksPerSecond: Double?
  /// Over the window; nil where no gateway tells.
  package var rejectionsPerSecond: Double?
  /// Since the gateways started; nil where none tells.
  package var rejections: Int64?
  /// Refusals of the window by keys of which gateways do not tell, as they tell of those closest to the limit only; nil where a gateway
  /// does not tell how often its keys were refused.
  package var untoldRefusals: Int64? = 0
  /// nil where no gateway tells.
  package var trackedKeys: Int?
  /// Microseconds since the Unix epoch.
  package var lastRejectionAt: Int64?
  /// Since when it refuses without a longer break; nil when it does not.
  package var refusing: Refusing?
  /// Those that were refused most within the window first, also where their gateways tell of them no more, then those refused most
  /// before, then the fullest.
  package var keys: [Key]
  package var isStale: Bool
  /// The gateways that have it.
  package var gateways: [ByteText] = []
  /// What gateways have differently of the limits of its scope and key.
  package var differences: [ConfigDifference] = []
  /// Other gateways have another limit of the same scope and key.
  package var differs: Bool { !differences.isEmpty }

  /// How long ago the last refusal may have been while a limit still refuses, in microseconds: whoever is refused asks again after a
  /// moment.
  private static let pauseUs: Int64 = 5_000_000

  /// Whether it refuses at a moment, and did not only refuse within the window.
  package func isRefusing(at moment: Int64) -> Bool {
    guard !isStale, rejectionsPerSecond ?? 0 > 0 else { return false }
    // A gateway that does not tell when: as long as the window holds a refusal.
    return lastRejectionAt.map { moment.saturatingSubtract($0) <= Self.pauseUs } ?? true
  }

  /// The part of its refusals that is a trouble of now, a second: none of one that does not refuse any more.
  package func refusesPerSecond(at moment: Int64) -> Double {
    isRefusing(at: moment) ? rejectionsPerSecond ?? 0 : 0
  }

  package init(
    id: ByteText, scope: ByteText, key: ByteText, maxRequests: Int, windowMs: Int64,
    checksPerSecond: Double? = 0,
    rejectionsPerSecond: Double? = 0, rejections: Int64? = 0, trackedKeys: Int? = 0,
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
