import GenAPIValue

/// One worker pool.
public struct PoolState: Codable, Equatable, Sendable, StateEntry {
  public var name: ByteText
  public var workers: Int
  public var busy: Int
  public var queued: Int
  public var queueLimit: Int
  /// The pool's own breaker.
  public var breaker: CircuitState
  public var consecutiveFailures: Int
  public var threshold: Int
  /// Workers whose breaker is open.
  public var openWorkers: Int
  public var halfOpenWorkers: Int
  public var executed: Int64
  public var failed: Int64
  public var rejected: Int64
  /// The workers that run a task now, by number.
  public var busySlots: [Int]

  public var entryKey: ByteText { name }

  public init(
    name: ByteText, workers: Int, busy: Int = 0, queued: Int = 0, queueLimit: Int = 0,
    breaker: CircuitState = .closed, consecutiveFailures: Int = 0, threshold: Int = 0, openWorkers: Int = 0,
    halfOpenWorkers: Int = 0, executed: Int64 = 0, failed: Int64 = 0, rejected: Int64 = 0,
    busySlots: [Int] = []
  ) {
    self.name = name
    self.workers = workers
    self.busy = busy
    self.queued = queued
    self.queueLimit = queueLimit
    self.breaker = breaker
    self.consecutiveFailures = consecutiveFailures
    self.threshold = threshold
    self.openWorkers = openWorkers
    self.halfOpenWorkers = halfOpenWorkers
    self.executed = executed
    self.failed = failed
    self.rejected = rejected
    self.busySlots = busySlots
  }

  private enum CodingKeys: String, CodingKey {
    case name
    case workers
    case busy
    case queued
    case queueLimit = "queue_limit"
    case breaker
    case consecutiveFailures = "consecutive_failures"
    case threshold
    case openWorkers = "open_workers"
    case halfOpenWorkers = "half_open_workers"
    case executed
    case failed
    case rejected
    case busySlots = "busy_slots"
  }
}
