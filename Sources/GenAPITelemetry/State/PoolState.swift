import GenAPIValue

/// One worker pool.
public struct PoolState: StateEntry {
  /// The pool's name.
  public var name: ByteText
  /// Tasks that run at one time.
  public var workers: Int
  /// Tasks that run now.
  public var busy: Int
  /// Tasks that wait.
  public var queued: Int
  /// Tasks that may wait.
  public var queueLimit: Int
  /// The pool's own breaker.
  public var breaker: CircuitState
  /// The failures in a row, over all workers.
  public var consecutiveFailures: Int
  /// At how many failures in a row the pool's breaker opens.
  public var threshold: Int
  /// Workers whose breaker is open.
  public var openWorkers: Int
  /// Workers whose breaker lets a probe through.
  public var halfOpenWorkers: Int
  /// Services whose breaker is open, each on each node by itself.
  public var openServices: Int
  /// Services whose breaker lets a probe through, each on each node by itself.
  public var halfOpenServices: Int
  /// Tasks that ran to their end, or took too long.
  public var executed: Int64
  /// Of these, those that failed.
  public var failed: Int64
  /// Tasks that were given up, running or waiting, and are among no others.
  public var cancelled: Int64
  /// Tasks that were refused, at once or while they waited.
  public var rejected: Int64
  /// Of those rejected, because their client held all it may.
  public var shareRejected: Int64
  /// Workers that one client may hold; 0 when the gateway does not say.
  public var clientWorkers: Int
  /// The workers that run a task now, by number.
  public var busySlots: [Int]

  /// Workers that run nothing and may: those whose breaker is open take no task, and are not among them.
  public var idle: Int {
    max(0, workers.saturatingSubtract(busy).saturatingSubtract(openWorkers))
  }

  public var entryKey: ByteText { name }
  public var owner: StateOwner { .gateway }

  public init(
    name: ByteText, workers: Int, busy: Int = 0, queued: Int = 0, queueLimit: Int = 0,
    breaker: CircuitState = .closed, consecutiveFailures: Int = 0, threshold: Int = 0, openWorkers: Int = 0,
    halfOpenWorkers: Int = 0, openServices: Int = 0, halfOpenServices: Int = 0, executed: Int64 = 0,
    failed: Int64 = 0, cancelled: Int64 = 0, rejected: Int64 = 0, shareRejected: Int64 = 0,
    clientWorkers: Int = 0,
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
    self.openServices = openServices
    self.halfOpenServices = halfOpenServices
    self.executed = executed
    self.failed = failed
    self.cancelled = cancelled
    self.rejected = rejected
    self.shareRejected = shareRejected
    self.clientWorkers = clientWorkers
    self.busySlots = busySlots
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&name)
    editor.count(&workers)
    editor.count(&busy)
    editor.count(&queued)
    editor.count(&queueLimit)
    breaker.edit(&editor)
    editor.count(&consecutiveFailures)
    editor.count(&threshold)
    editor.count(&openWorkers)
    editor.count(&halfOpenWorkers)
    editor.count(&openServices)
    editor.count(&halfOpenServices)
    editor.count(&executed)
    editor.count(&failed)
    editor.count(&cancelled)
    editor.count(&rejected)
    editor.count(&shareRejected)
    editor.count(&clientWorkers)
    editor.numbers(&busySlots, most: 10_000)
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
    case openServices = "open_services"
    case halfOpenServices = "half_open_services"
    case executed
    case failed
    case cancelled
    case rejected
    case shareRejected = "share_rejected"
    case clientWorkers = "client_workers"
    case busySlots = "busy_slots"
  }
}

extension PoolState {
  /// What gateways of before did not send is 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func count<Count: Decodable>(_ key: CodingKeys) throws -> Count {
      try container.decode(Count.self, forKey: key)
    }
    name = try container.decode(ByteText.self, forKey: .name)
    workers = try count(.workers)
    busy = try count(.busy)
    queued = try count(.queued)
    queueLimit = try count(.queueLimit)
    breaker = try container.decode(CircuitState.self, forKey: .breaker)
    consecutiveFailures = try count(.consecutiveFailures)
    threshold = try count(.threshold)
    openWorkers = try count(.openWorkers)
    halfOpenWorkers = try count(.halfOpenWorkers)
    openServices = try container.decodeIfPresent(Int.self, forKey: .openServices) ?? 0
    halfOpenServices = try container.decodeIfPresent(Int.self, forKey: .halfOpenServices) ?? 0
    executed = try count(.executed)
    failed = try count(.failed)
    cancelled = try container.decodeIfPresent(Int64.self, forKey: .cancelled) ?? 0
    rejected = try count(.rejected)
    shareRejected = try container.decodeIfPresent(Int64.self, forKey: .shareRejected) ?? 0
    clientWorkers = try container.decodeIfPresent(Int.self, forKey: .clientWorkers) ?? 0
    busySlots = try container.decode([Int].self, forKey: .busySlots)
  }
}
