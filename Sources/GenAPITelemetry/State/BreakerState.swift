import GenAPIValue

/// A circuit breaker: every pool's, and every worker's that is not closed.
public struct BreakerState: Codable, Equatable, Sendable, StateEntry {
  public var pool: ByteText
  /// nil for the pool's own.
  public var worker: Int?
  public var state: CircuitState
  /// When it entered this state, microseconds since the Unix epoch.
  public var since: Int64
  public var consecutiveFailures: Int
  public var cooldownMs: Int64
  /// When an open breaker lets its probe through, microseconds since the Unix epoch.
  public var probeAt: Int64?
  public var openedCount: Int64
  /// The failure that opened it.
  public var lastReason: ByteText?

  public var entryKey: ByteText { "\(pool)\u{1F}\(worker.map(String.init) ?? "")" }

  public init(
    pool: ByteText, worker: Int? = nil, state: CircuitState = .closed, since: Int64 = 0,
    consecutiveFailures: Int = 0, cooldownMs: Int64 = 0, probeAt: Int64? = nil, openedCount: Int64 = 0,
    lastReason: ByteText? = nil
  ) {
    self.pool = pool
    self.worker = worker
    self.state = state
    self.since = since
    self.consecutiveFailures = consecutiveFailures
    self.cooldownMs = cooldownMs
    self.probeAt = probeAt
    self.openedCount = openedCount
    self.lastReason = lastReason
  }

  private enum CodingKeys: String, CodingKey {
    case pool
    case worker
    case state
    case since
    case consecutiveFailures = "consecutive_failures"
    case cooldownMs = "cooldown_ms"
    case probeAt = "probe_at"
    case openedCount = "opened_count"
    case lastReason = "last_reason"
  }
}
