import Synchronization

/// A limit in force, with its counters.
final class LimitRule: Sendable {
  let limit: RateLimit
  let id: String
  let scope: String
  /// Where its counters are in every shard. No other limit in force has it; one that is gone may have had.
  let place: Int
  let maxRequests: Int
  let windowMs: Int64
  let batch: Int

  let checks = Atomic<Int64>(0)
  let rejections = Atomic<Int64>(0)
  let trackedKeys = Atomic<Int>(0)
  /// Microseconds since the Unix epoch; 0 when it never refused.
  let lastRejectionAt = Atomic<Int64>(0)
  /// Set before its counters are thrown away, so that a check still under way does not make new ones.
  let retired = Atomic<Bool>(false)

  init(_ limit: RateLimit, place: Int) {
    self.limit = limit
    self.id = limit.id
    self.scope = limit.scope.description
    self.place = place
    maxRequests = limit.maxRequests
    windowMs = limit.windowMs
    self.batch = SlidingWindow.batchSize(maxRequests: limit.maxRequests)
  }
}
