import GenAPIValue

/// Whose circuit breaker: the whole pool's, one worker's, or that of a service, on a node where it has several.
public enum BreakerScope: String, Sendable, Codable {
  /// The breaker is the whole pool's.
  case pool
  /// The breaker is one worker's.
  case worker
  /// The breaker is a service's, on a node where it has several.
  case service
}

/// One task of a pool, for `worker_pool.task.*`.
public struct PoolTask: Sendable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// The worker pool's name.
  public var pool: ByteText
  /// The slot that runs it, from 0.
  public var worker: Int

  public init(request: RequestContext, pool: ByteText, worker: Int) {
    self.request = request
    self.pool = pool
    self.worker = worker
  }
}

extension PoolTask {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("pool_name", pool)
    visitor.field("worker", worker)
  }
}

/// `worker_pool.task.rejected`: a pool refused a task.
public struct TaskRejection: Sendable {
  /// Why a pool refuses.
  public enum Reason: String, Sendable {
    /// A circuit breaker is open, or half-open with its probe under way.
    case circuitOpen = "circuit_open"
    /// As many tasks wait as may.
    case queueFull = "queue_full"
    /// The client holds all it may of the pool.
    case shareUsed = "share_used"
    /// No worker was free for it in its time.
    case waitTimeout = "wait_timeout"
    /// It waited when the gateway shut down, or its connection had to end.
    case shutdown
  }

  /// What a breaker that refuses is.
  public enum Circuit: String, Sendable {
    /// Its cooldown is not over.
    case open
    /// It waits for what comes of its probe.
    case halfOpen = "half_open"
  }

  // In this order it is as large as the usual events, so that a queue of them is no longer for it.
  /// The request that this belongs to.
  public var request: RequestContext
  /// The worker pool's name.
  public var pool: ByteText
  /// The node on which the breaker of the request's service refused; nil when another did, or for a function that is here.
  public var node: ByteText?
  /// When it refused, nanoseconds since the Unix epoch.
  public var systemTime: Int64
  /// The slot whose breaker refused; nil when the pool did.
  public var worker: Int?
  /// Why the pool refused.
  public var reason: Reason
  /// Whose breaker refused; the pool's when none did.
  public var scope: BreakerScope
  /// What the breaker was that refused; nil when none did, and where a gateway of another kind does not tell.
  public var circuit: Circuit?

  public init(
    request: RequestContext, pool: ByteText, reason: Reason, scope: BreakerScope, circuit: Circuit? = nil,
    worker: Int? = nil, node: ByteText? = nil, systemTime: Int64
  ) {
    self.request = request
    self.pool = pool
    self.reason = reason
    self.scope = scope
    self.circuit = circuit
    self.worker = worker
    self.node = node
    self.systemTime = systemTime
  }
}

extension TaskRejection {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("pool_name", pool)
    visitor.field("reason", reason)
    if let circuit { visitor.field("circuit_state", circuit) }
    visitor.field("scope", scope)
    visitor.field("worker", worker)
    visitor.field("node", node)
  }
}

/// `worker_pool.circuit_breaker.open`.
public struct BreakerOpen: Sendable {
  /// The worker pool's name.
  public var pool: ByteText
  /// Whose breaker it is.
  public var scope: BreakerScope
  /// The worker whose breaker it is, from 0; nil for the pool's and a service's.
  public var worker: Int?
  /// The service whose breaker it is, and on which node.
  public var service: ByteText?
  /// The service's node; nil for functions of the gateway itself.
  public var node: ByteText?
  /// The failures in a row that opened it.
  public var consecutiveFailures: Int
  /// How long the breaker stays open before a probe, in milliseconds.
  public var cooldownMs: Int64

  public init(
    pool: ByteText, scope: BreakerScope, worker: Int?, service: ByteText? = nil, node: ByteText? = nil,
    consecutiveFailures: Int, cooldownMs: Int64
  ) {
    self.pool = pool
    self.scope = scope
    self.worker = worker
    self.service = service
    self.node = node
    self.consecutiveFailures = consecutiveFailures
    self.cooldownMs = cooldownMs
  }
}

extension BreakerOpen {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("pool_name", pool)
    visitor.field("scope", scope)
    visitor.field("worker", worker)
    visitor.field("service", service)
    visitor.field("node", node)
    visitor.field("consecutive_failures", consecutiveFailures)
    visitor.field("cooldown_ms", cooldownMs)
  }
}

/// `worker_pool.circuit_breaker.close`.
public struct BreakerClose: Sendable {
  /// The worker pool's name.
  public var pool: ByteText
  /// Whose breaker it is.
  public var scope: BreakerScope
  /// The worker whose breaker it is, from 0; nil for the pool's and a service's.
  public var worker: Int?
  /// The service whose breaker it is, and on which node.
  public var service: ByteText?
  /// The service's node; nil for functions of the gateway itself.
  public var node: ByteText?
  /// How long it was open, half-open time included.
  public var openMs: Int64

  public init(
    pool: ByteText, scope: BreakerScope, worker: Int?, service: ByteText? = nil, node: ByteText? = nil,
    openMs: Int64
  ) {
    self.pool = pool
    self.scope = scope
    self.worker = worker
    self.service = service
    self.node = node
    self.openMs = openMs
  }
}

extension BreakerClose {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("pool_name", pool)
    visitor.field("scope", scope)
    visitor.field("worker", worker)
    visitor.field("service", service)
    visitor.field("node", node)
    visitor.field("open_ms", openMs)
  }
}
