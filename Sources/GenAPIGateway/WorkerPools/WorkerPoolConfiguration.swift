import GenAPIValue

/// The settings of a worker pool.
public struct WorkerPoolConfiguration: Sendable, Equatable {
  /// Whose failures open a circuit breaker.
  public enum Breakers: String, Sendable, CaseIterable {
    /// Each service has its own, on each node that it is called on: one that is dead stops no other.
    case service
    /// The pool has one, and each worker: whatever fails often enough stops all.
    case pool
  }

  /// Tasks that run at one time: 1 … 100 000.
  public var workers: Int
  /// Tasks that wait for a worker: 0 … 1 000 000.
  public var queueLimit: Int
  /// How long a task may run when its submitter says nothing else: 1 ms … 24 h.
  public var taskTimeout: Duration
  /// Whether the pool and its workers have circuit breakers.
  public var breakers: Breakers
  /// Consecutive failures of one worker that open its breaker, where workers have one: 1 … 1 000 000.
  public var workerThreshold: Int
  /// Consecutive failures, of a service or over the whole pool, that open the breaker: 1 … 1 000 000.
  public var poolThreshold: Int
  /// How long an open breaker waits for its probe: 1 ms … 24 h.
  public var cooldown: Duration
  /// Percent of the workers, and of the places in the queue, that one client may hold, at least one of each: a user
  /// over all connections, or a connection that has no user. 1 … 100.
  public var clientSharePercent: Int

  public init(
    workers: Int = 1_000, queueLimit: Int = 10_000, taskTimeout: Duration = .seconds(30),
    breakers: Breakers = .service, workerThreshold: Int = 5, poolThreshold: Int = 10,
    cooldown: Duration = .seconds(60), clientSharePercent: Int = 10
  ) {
    self.workers = workers
    self.queueLimit = queueLimit
    self.taskTimeout = taskTimeout
    self.breakers = breakers
    self.workerThreshold = workerThreshold
    self.poolThreshold = poolThreshold
    self.cooldown = cooldown
    self.clientSharePercent = clientSharePercent
  }

  /// Tasks of one client that run at one time.
  public var clientWorkers: Int { max(1, workers * clientSharePercent / 100) }
  /// Tasks of one client that wait.
  public var clientQueue: Int { min(queueLimit, max(1, queueLimit * clientSharePercent / 100)) }

  static let longestMs: Int64 = 86_400_000
  private static let times = Duration.milliseconds(1) ... .milliseconds(longestMs)

  /// - Throws: `WorkerPoolError` naming the setting and its range.
  public func validate() throws(WorkerPoolError) { try validate(as: nil) }

  /// - Parameter pool: which of several it is, for the error.
  func validate(as pool: ByteText?) throws(WorkerPoolError) {
    do {
      try check()
    } catch {
      guard let pool, case .invalidSetting(let name, let value, let allowed) = error else { throw error }
      throw .invalidSetting(name: "\(pool).\(name)", value: value, allowed: allowed)
    }
  }

  private func check() throws(WorkerPoolError) {
    try check("workers", Int64(workers), 1...100_000)
    try check("queue_limit", Int64(queueLimit), 0...1_000_000)
    try check("task_timeout", taskTimeout)
    try check("worker_threshold", Int64(workerThreshold), 1...1_000_000)
    try check("pool_threshold", Int64(poolThreshold), 1...1_000_000)
    try check("cooldown", cooldown)
    try check("client_share_percent", Int64(clientSharePercent), 1...100)
  }

  private func check(_ name: ByteText, _ value: Int64, _ range: ClosedRange<Int64>) throws(WorkerPoolError) {
    guard !range.contains(value) else { return }
    throw .invalidSetting(
      name: name, value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
  }

  private func check(_ name: ByteText, _ time: Duration) throws(WorkerPoolError) {
    guard !Self.times.contains(time) else { return }
    throw .invalidSetting(name: name, value: ByteText(time.shown), allowed: ByteText(Self.times.shown))
  }
}

/// Why a pool's settings were refused.
public enum WorkerPoolError: Error, Equatable, CustomStringConvertible {
  /// A setting is out of its range.
  case invalidSetting(name: ByteText, value: ByteText, allowed: ByteText)

  public var description: String {
    switch self {
    case .invalidSetting(let name, let value, let allowed):
      "worker pool: \(name) must be \(allowed), is \(value)"
    }
  }
}
