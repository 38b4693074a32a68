import GenAPIValue

/// A circuit breaker: every pool's, and every worker's and every service's that is not closed.
public struct BreakerState: StateEntry {
  /// The worker pool's name.
  public var pool: ByteText
  /// The worker's number; nil for the pool's own and a service's.
  public var worker: Int?
  /// Whose failures it counts; nil for the pool's own and a worker's.
  public var service: ByteText?
  /// The service's node; nil for functions of the gateway itself.
  public var node: ByteText?
  /// What it does with the next task.
  public var state: CircuitState
  /// When it entered this state, microseconds since the Unix epoch.
  public var since: Int64
  /// When it first opened and was not closed since, microseconds since the Unix epoch, failed probes included; nil while it
  /// is closed, and from gateways that do not tell.
  public var openedAt: Int64?
  /// The failures in a row that are counted now.
  public var consecutiveFailures: Int
  /// How long the breaker stays open before a probe, in milliseconds.
  public var cooldownMs: Int64
  /// When an open breaker lets its probe through, microseconds since the Unix epoch.
  public var probeAt: Int64?
  /// Whether a half-open breaker has a probe under way; false when the next task is its probe. nil for others, and from gateways that
  /// do not tell.
  public var isProbing: Bool?
  /// How often it opened since the gateway started.
  public var openedCount: Int64
  /// How many tasks, and retries, it refused since the gateway started; nil from gateways that do not tell.
  public var refused: Int64?
  /// The failure that opened it.
  public var lastReason: ByteText?

  public var entryKey: ByteText {
    guard let service else { return [pool, ByteText(worker.map(String.init) ?? "")].joinedAsKey }
    return [pool, "", service, node ?? ""].joinedAsKey
  }
  public var owner: StateOwner { .gateway }

  public init(
    pool: ByteText, worker: Int? = nil, service: ByteText? = nil, node: ByteText? = nil,
    state: CircuitState = .closed, since: Int64 = 0, openedAt: Int64? = nil,
    consecutiveFailures: Int = 0, cooldownMs: Int64 = 0, probeAt: Int64? = nil, isProbing: Bool? = nil,
    openedCount: Int64 = 0, refused: Int64? = nil,
    lastReason: ByteText? = nil
  ) {
    self.pool = pool
    self.worker = worker
    self.service = service
    self.node = node
    self.state = state
    self.since = since
    self.openedAt = openedAt
    self.consecutiveFailures = consecutiveFailures
    self.cooldownMs = cooldownMs
    self.probeAt = probeAt
    self.isProbing = isProbing
    self.openedCount = openedCount
    self.refused = refused
    self.lastReason = lastReason
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&pool)
    editor.name(&service)
    editor.name(&node)
    state.edit(&editor)
    editor.time(&since)
    editor.time(&openedAt)
    editor.count(&consecutiveFailures)
    editor.count(&cooldownMs)
    editor.time(&probeAt)
    editor.count(&openedCount)
    editor.count(&refused)
    editor.text(&lastReason)
  }

  private enum CodingKeys: String, CodingKey {
    case pool
    case worker
    case service
    case node
    case state
    case since
    case openedAt = "opened_at"
    case consecutiveFailures = "consecutive_failures"
    case cooldownMs = "cooldown_ms"
    case probeAt = "probe_at"
    case isProbing = "probing"
    case openedCount = "opened_count"
    case refused
    case lastReason = "last_reason"
  }
}
