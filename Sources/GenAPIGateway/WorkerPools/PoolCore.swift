import DequeModule
import GenAPITelemetry
import GenAPIValue

/// What a pool knows, and its rules; everything that happens is an action for the pool to carry out.
///
/// Every operation is O(1) but for refusing a whole queue at once. Idle slots whose breaker lets through wait
/// in one line, longest idle first; idle slots with an open breaker wait in another, in the order in which
/// they become half-open, and are moved over when their time has come, at the next operation.
struct PoolCore {
  enum Action {
    case emit(TelemetryEvent)
    case launch(PoolJob, slot: Int)
    /// Cancel the Swift tasks of a job that has ended.
    case stop(UInt64)
    case refuse(PoolJob, PoolRefusal)
    case finish(PoolJob, TaskEnd)
  }

  struct Run {
    let job: PoolJob
    let slot: Int
    let slotPermit: CircuitBreaker.Permit
    let poolPermit: CircuitBreaker.Permit
    let startedAt: Int64
  }

  let name: ByteText
  let configuration: WorkerPoolConfiguration
  private(set) var breaker: CircuitBreaker
  private(set) var slots: [CircuitBreaker]
  private(set) var running: [UInt64: Run] = [:]
  private(set) var queue = PoolJobQueue()
  /// Jobs that ended for the pool while their work goes on, because it ignores being cancelled.
  private(set) var zombies: Set<UInt64> = []
  private(set) var executed: Int64 = 0
  private(set) var failed: Int64 = 0
  private(set) var rejected: Int64 = 0
  private(set) var cancelled: Int64 = 0

  private var idle: Deque<Int>
  private var openIdle: Deque<Int> = []
  private var closedSlots: Int
  private var nextID: UInt64 = 0
  private(set) var actions: [Action] = []

  init(name: ByteText, configuration: WorkerPoolConfiguration, now: Int64) {
    self.name = name
    self.configuration = configuration
    let cooldown = configuration.cooldownMs * 1_000_000
    breaker = CircuitBreaker(
      threshold: configuration.poolThreshold, cooldownNanoseconds: cooldown, now: now)
    slots = Array(
      repeating: CircuitBreaker(
        threshold: configuration.workerThreshold, cooldownNanoseconds: cooldown, now: now),
      count: configuration.workers)
    idle = Deque(0..<configuration.workers)
    closedSlots = configuration.workers
  }

  mutating func takeActions() -> [Action] {
    defer { actions = [] }
    return actions
  }

  mutating func newID() -> UInt64 {
    nextID += 1
    return nextID
  }

  // MARK: What happens

  /// Starts the job, queues it, or answers why not.
  mutating func submit(_ job: PoolJob, at now: Int64) -> PoolRefusal? {
    promote(at: now)
    pump(at: now)
    if zombies.count >= configuration.workers {
      return PoolRefusal(pool: name, reason: .queueFull, scope: .pool)
    }
    if !breaker.admits(at: now) { return PoolRefusal(pool: name, reason: .circuitOpen, scope: .pool) }
    if queue.isEmpty, let slot = idle.popFirst() {
      start(job, on: slot, at: now)
      return nil
    }
    // Half-open and no worker for the probe: nothing may wait behind an outcome that is not known.
    if breaker.state(at: now) != .closed {
      return PoolRefusal(pool: name, reason: .circuitOpen, scope: .pool)
    }
    if closedSlots == 0 {
      return PoolRefusal(pool: name, reason: .circuitOpen, scope: .worker, worker: openIdle.first)
    }
    if queue.count >= configuration.queueLimit {
      return PoolRefusal(pool: name, reason: .queueFull, scope: .pool)
    }
    queue.append(job)
    return nil
  }

  /// The work of a job came back.
  mutating func workEnded(_ id: UInt64, _ end: TaskEnd, at now: Int64) {
    if zombies.remove(id) != nil { return }
    finish(id, end, at: now)
  }

  /// The time of a job is up; nothing when it has ended meanwhile.
  mutating func timedOut(_ id: UInt64, at now: Int64) {
    guard running[id] != nil else { return }
    zombies.insert(id)
    finish(id, .timedOut, at: now)
  }

  /// Its submitter gave a job up; nothing when it has ended meanwhile.
  mutating func cancel(_ id: UInt64, at now: Int64) {
    if let job = queue.remove(id) {
      cancelled += 1
      actions.append(.finish(job, .cancelled))
      return
    }
    guard running[id] != nil else { return }
    cancelled += 1
    zombies.insert(id)
    finish(id, .cancelled, at: now)
  }

  /// Those waiting and those running.
  var allJobs: [UInt64] { queue.ids + Array(running.keys) }

  mutating func countRejection() { rejected += 1 }

  // MARK: Steps

  private mutating func start(_ job: PoolJob, on slot: Int, at now: Int64) {
    // Both let through: the callers asked the pool's breaker, and only slots that do wait in `idle`.
    guard let slotPermit = slots[slot].admit(at: now), let poolPermit = breaker.admit(at: now) else {
      idle.append(slot)
      refuse(job, scope: .worker, worker: slot)
      return
    }
    running[job.id] = Run(
      job: job, slot: slot, slotPermit: slotPermit, poolPermit: poolPermit, startedAt: now)
    actions.append(.launch(job, slot: slot))
  }

  private mutating func finish(_ id: UInt64, _ end: TaskEnd, at now: Int64) {
    guard let run = running.removeValue(forKey: id) else { return }
    executed += 1
    let task = PoolTask(request: run.job.context, pool: name, worker: run.slot)
    let durationUs = max(0, (now - run.startedAt) / 1_000)
    let failure = end.failure(timeoutMs: run.job.timeoutMs)
    if let failure {
      failed += 1
      actions.append(.emit(.taskException(task, durationUs: durationUs, failure)))
    } else {
      actions.append(.emit(.taskStop(task, durationUs: durationUs)))
    }
    settle(run, end, failure, at: now)
    actions.append(.stop(id))
    if slots[run.slot].admits(at: now) { idle.append(run.slot) } else { openIdle.append(run.slot) }
    promote(at: now)
    pump(at: now)
    refuseHopeless(at: now)
    actions.append(.finish(run.job, end))
  }

  /// Tells both breakers how a task ended.
  private mutating func settle(_ run: Run, _ end: TaskEnd, _ failure: Failure?, at now: Int64) {
    let slotChange: CircuitBreaker.Change?
    let poolChange: CircuitBreaker.Change?
    if let failure {
      slotChange = slots[run.slot].failed(run.slotPermit, reason: failure.reason, at: now)
      poolChange = breaker.failed(run.poolPermit, reason: failure.reason, at: now)
    } else if end == .cancelled {
      slots[run.slot].abandoned(run.slotPermit)
      breaker.abandoned(run.poolPermit)
      return
    } else {
      slotChange = slots[run.slot].succeeded(run.slotPermit, at: now)
      poolChange = breaker.succeeded(run.poolPermit, at: now)
    }
    if case .opened = slotChange, !run.slotPermit.isProbe { closedSlots -= 1 }
    if case .closed = slotChange { closedSlots += 1 }
    emit(slotChange, worker: run.slot)
    emit(poolChange, worker: nil)
  }

  private mutating func emit(_ change: CircuitBreaker.Change?, worker: Int?) {
    let scope: BreakerScope = worker == nil ? .pool : .worker
    switch change {
    case .opened(let failures):
      actions.append(
        .emit(
          .breakerOpen(
            BreakerOpen(
              pool: name, scope: scope, worker: worker, consecutiveFailures: failures,
              cooldownMs: configuration.cooldownMs))))
    case .closed(let nanoseconds):
      actions.append(
        .emit(
          .breakerClose(
            BreakerClose(pool: name, scope: scope, worker: worker, openMs: nanoseconds / 1_000_000))))
    case nil:
      break
    }
  }

  /// Slots whose cooldown is over wait for work again.
  private mutating func promote(at now: Int64) {
    while let slot = openIdle.first, slots[slot].admits(at: now) {
      openIdle.removeFirst()
      idle.append(slot)
    }
  }

  private mutating func pump(at now: Int64) {
    while !queue.isEmpty, !idle.isEmpty, breaker.state(at: now) == .closed, let job = queue.popFirst() {
      start(job, on: idle.removeFirst(), at: now)
    }
  }

  /// Nothing waits for workers that may not work: its client would wait for a cooldown.
  private mutating func refuseHopeless(at now: Int64) {
    let scope: BreakerScope
    if breaker.state(at: now) != .closed {
      scope = .pool
    } else if closedSlots == 0, idle.isEmpty {
      scope = .worker
    } else {
      return
    }
    let worker = scope == .pool ? nil : openIdle.first
    while let job = queue.popFirst() { refuse(job, scope: scope, worker: worker) }
  }

  private mutating func refuse(_ job: PoolJob, scope: BreakerScope, worker: Int?) {
    rejected += 1
    actions.append(
      .refuse(job, PoolRefusal(pool: name, reason: .circuitOpen, scope: scope, worker: worker)))
  }
}

extension TaskEnd {
  /// What counts against the breakers; nil for everything else.
  func failure(timeoutMs: Int64) -> Failure? {
    switch self {
    case .completed(.success), .cancelled: nil
    case .completed(.infrastructureFailure(let reason)), .threw(let reason): Failure(reason: reason)
    case .timedOut: Failure(kind: "timeout", reason: "no end within \(timeoutMs) ms")
    }
  }
}
