import GenAPITelemetry
import GenAPIValue

/// A task somebody handed to a pool.
struct PoolJob: Sendable {
  /// Counts up over the pool.
  let id: UInt64
  let context: RequestContext
  /// The node it is to be called on; nil for a local function.
  let node: ByteText?
  /// Those that it really asks, the chosen one or others; nil where its end is the chosen one's.
  let asked: AskedNodes?
  /// Whose share it takes; nil takes nobody's.
  let holder: PoolHolder?
  let timeoutMs: Int64
  /// How long it may wait for a worker; nil for as long as it takes.
  let waitMs: Int64?
  let work: @Sendable () async throws -> TaskResult
  let refused: @Sendable (PoolRefusal) -> Void
  let finished: (@Sendable (TaskEnd) -> Void)?
  /// Of the breaker of its service; the first of a half-open one is its probe, also while it waits.
  var permit = CircuitBreaker.Permit.first
  /// The same of nodes on which it was tried again.
  var retryPermits: [BreakerKey: CircuitBreaker.Permit] = [:]

  var breakerKey: BreakerKey { BreakerKey(service: context.function.service, node: node) }
}
