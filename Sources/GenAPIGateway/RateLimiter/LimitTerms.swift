import Locking

/// What a check needs to know of a limit: plain numbers, so that checks on several threads share nothing by copying it.
struct LimitTerms: Sendable {
  /// Of this limit alone in this process.
  let serial: UInt64
  /// Where its counters are in every shard. No other limit in force has it; one that is gone may have had.
  let index: Int
  let maxRequests: Int
  let windowMs: Int64
  let batch: Int

  private static let lastSerial = Atomic<UInt64>(0)

  init(_ limit: RateLimit, index: Int) {
    serial = Self.lastSerial.add(1, ordering: .relaxed).newValue
    self.index = index
    maxRequests = limit.maxRequests
    windowMs = limit.windowMs
    batch = SlidingWindow.batchSize(maxRequests: limit.maxRequests)
  }

  /// Of a limit whose maximum or window changed.
  init(_ limit: RateLimit, after other: LimitTerms) {
    serial = other.serial
    index = other.index
    maxRequests = limit.maxRequests
    windowMs = limit.windowMs
    batch = SlidingWindow.batchSize(maxRequests: limit.maxRequests)
  }
}
