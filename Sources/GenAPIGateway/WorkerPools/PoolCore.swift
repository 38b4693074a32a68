import DequeModule
import GenAPITelemetry
import GenAPIValue

/// What a pool knows, and its rules; everything that happens is an action for the pool to carry out.
///
/// Every operation is O(1) but for refusing a whole queue, or a service's part of it, at once. Idle slots whose breaker lets through wait
/// in one line, longest idle first; idle slots with an open breaker wait in another, in the order in which
/// they become half-open, and are moved over when their time has come, at the next operation.
struct PoolCore {
  let name: ByteText
  let configuration: WorkerPoolConfiguration
  var breaker: CircuitBreaker
  var services: ServiceBreakers
  private(set) var slots: [CircuitBreaker]
  var running: [UInt64: Run] = [:]
  private(set) var queue = PoolJobQueue()
  private(set) var shares: PoolShares
  /// Jobs that ended for the pool while their work goes on, because it ignores being cancelled, and whose they are.
  private(set) var zombies: [UInt64: PoolHolder?] = [:]
  private(set) var executed: Int64 = 0
  private(set) var failed: Int64 = 0
  /// Given up before their end, running or waiting.
  private(set) var cancelled: Int64 = 0
  private(set) var rejected: Int64 = 0
  /// Of those, because the client held its share.
  private(set) var shareRejected: Int64 = 0

  private(set) var idle: Deque<Int>
  private(set) var openIdle: Deque<Int> = []
  private var closedSlots: Int
  /// The slot that took work last: while none is idle, something runs on it.
  private(set) var lastStarted = 0
  private var nextID: UInt64 = 0
  private(set) var actions: [Action] = []

  init(name: ByteText, configuration: WorkerPoolConfiguration, now: Int64) {
    self.name = name
    self.configuration = configuration
    let cooldown = configuration.cooldown
    shares = PoolShares(configuration)
    services = ServiceBreakers(
      threshold: configuration.poolThreshold, cooldown: cooldown)
    breaker = CircuitBreaker(
      threshold: configuration.poolThreshold, cooldown: cooldown, now: now)
    slots = Array(
      repeating: CircuitBreaker(
        threshold: configuration.workerThreshold, cooldown: cooldown, now: now),
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
    if !breaker.admits(at: now) { return refusalOfPool(at: now) }
    let key = job.breakerKey
    if !services.admits(key, at: now) { return refusal(of: key, at: now) }
    let hasRoom = shares.hasRoom(job.holder)
    if hasRoom, !idle.isEmpty {
      start(admitted(job, at: now), on: idle.removeFirst(), at: now)
      return nil
    }
    if let refusal = waitingRefusal(job, hasRoom: hasRoom, at: now) { return refusal }
    queue.append(admitted(job, at: now), mayRun: hasRoom)
    if job.waitMs != nil { actions.append(.wait(job)) }
    return nil
  }

  /// Why a job that cannot start now may not wait either.
  private func waitingRefusal(_ job: PoolJob, hasRoom: Bool, at now: Int64) -> PoolRefusal? {
    // Half-open and no worker for the probe: nothing may wait behind an outcome that is not known.
    if breaker.state(at: now) != .closed { return refusalOfPool(at: now) }
    if closedSlots == 0 { return refusalOfWorkers }
    let isQueueFull = queue.count >= configuration.queueLimit
    if isQueueFull, hasRoom || idle.isEmpty {
      return PoolRefusal(pool: name, reason: .queueFull, scope: .pool)
    }
    if isQueueFull || job.holder != nil && queue.count(of: job.holder) >= shares.waiting {
      return PoolRefusal(pool: name, reason: .shareUsed, scope: .pool)
    }
    return nil
  }

  /// The job with its permit: the one that a half-open breaker of its service lets through is the probe, which may wait
  /// for a worker.
  private mutating func admitted(_ job: PoolJob, at now: Int64) -> PoolJob {
    guard configuration.breakers == .service, let permit = services.admit(job.breakerKey, at: now) else {
      return job
    }
    if permit.isProbe { noteProbe(of: job, scope: .service, key: job.breakerKey) }
    var job = job
    job.permit = permit
    return job
  }

  /// The work of a job came back.
  mutating func workEnded(_ id: UInt64, _ end: TaskEnd, at now: Int64) {
    if let holder = zombies.removeValue(forKey: id) {
      shares.giveBack(holder)
      next(of: holder, at: now)
      return
    }
    finish(id, end, at: now)
  }

  /// The time of a job is up; nothing when it has ended meanwhile.
  mutating func timedOut(_ id: UInt64, at now: Int64) {
    guard let run = running[id] else { return }
    zombies[id] = .some(run.job.holder)
    finish(id, .timedOut, at: now)
  }

  /// A job has waited for a worker as long as it may; nothing when it does not wait any more. It tells the breakers nothing:
  /// nothing was called.
  mutating func waitedTooLong(_ id: UInt64) {
    guard let job = queue.remove(id) else { return }
    services.abandoned(job.breakerKey, job.permit)
    let refusal = PoolRefusal(pool: name, reason: .waitTimeout, scope: .pool)
    count(refusal)
    actions.append(.reject(job, refusal))
    actions.append(.finish(job, .waitedTooLong))
  }

  /// Its submitter gave a job up; nothing when it has ended meanwhile.
  mutating func cancel(_ id: UInt64, at now: Int64) {
    if withdraw(id, .givenUp) { return }
    guard let run = running[id] else { return }
    zombies[id] = .some(run.job.holder)
    finish(id, .cancelled, at: now)
  }

  /// Takes a job out of the queue, so that it never begins; false when it does not wait any more.
  @discardableResult
  mutating func withdraw(_ id: UInt64, _ reason: WithdrawnTasks.Reason) -> Bool {
    guard let job = queue.remove(id) else { return false }
    services.abandoned(job.breakerKey, job.permit)
    switch reason {
    case .givenUp:
      cancelled += 1
      actions.append(.finish(job, .cancelled))
    case .shutdown: refuse(job, PoolRefusal(pool: name, reason: .shutdown, scope: .pool))
    }
    return true
  }

  /// Counts a task that was refused.
  mutating func count(_ refusal: PoolRefusal) {
    rejected += 1
    if refusal.reason == .shareUsed { shareRejected += 1 }
    countOfBreaker(refusal)
  }

  /// Counts what a breaker refused by that breaker; of workers, which refuse together, by the one that the refusal names.
  mutating func countOfBreaker(_ refusal: PoolRefusal) {
    guard refusal.reason == .circuitOpen else { return }
    switch refusal.scope {
    case .pool: breaker.refused()
    case .service: services.refused(BreakerKey(service: refusal.service ?? "", node: refusal.node))
    case .worker:
      if let worker = refusal.worker { slots[worker].refused() }
    }
  }

  // MARK: Steps

  private mutating func start(_ job: PoolJob, on slot: Int, at now: Int64) {
    // Both let through: the callers asked the pool's breaker, and only slots that do wait in `idle`.
    guard let slotPermit = slots[slot].admit(at: now), let poolPermit = breaker.admit(at: now) else {
      idle.append(slot)
      services.abandoned(job.breakerKey, job.permit)
      var refusal = refusalOfWorkers
      refusal.worker = slot
      refuse(job, refusal)
      return
    }
    if slotPermit.isProbe { noteProbe(of: job, scope: .worker, worker: slot) }
    if poolPermit.isProbe { noteProbe(of: job, scope: .pool) }
    shares.take(job.holder)
    lastStarted = slot
    running[job.id] = Run(
      job: job, slot: slot, slotPermit: slotPermit, poolPermit: poolPermit, startedAt: now)
    actions.append(.launch(job, slot: slot))
  }

  private mutating func finish(_ id: UInt64, _ end: TaskEnd, at now: Int64) {
    guard let run = running.removeValue(forKey: id) else { return }
    // Work that saw it first that its client is gone has ended no other way than work that was cancelled.
    if end == .cancelled || end == .completed(.givenUp) { cancelled += 1 } else { executed += 1 }
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
    actions.append(.stop(id, isWorking: zombies[id] != nil))
    if slots[run.slot].admits(at: now) { idle.append(run.slot) } else { openIdle.append(run.slot) }
    // Whose work goes on all the same holds its share until it returns.
    if zombies[id] == nil { shares.giveBack(run.job.holder) }
    promote(at: now)
    next(of: run.job.holder, at: now)
    refuseHopeless(at: now)
    actions.append(.finish(run.job, end))
  }

  /// Tells the breakers how a task ended.
  private mutating func settle(_ run: Run, _ end: TaskEnd, _ failure: Failure?, at now: Int64) {
    switch configuration.breakers {
    case .service: settleService(run.job, end, failure, at: now)
    case .pool: settlePool(run, end, failure, at: now)
    }
  }

  /// Each node that was asked is told of by itself: that another answered says nothing of the one that was chosen.
  private mutating func settleService(_ job: PoolJob, _ end: TaskEnd, _ failure: Failure?, at now: Int64) {
    let chosen = job.breakerKey
    let asked = job.asked?.results(failure: failure?.reason, isTold: end.isTold) ?? []
    // Those that it was let through to and then did not ask.
    for (key, permit) in job.retryPermits where !asked.contains(where: { $0.node == key.node }) {
      services.abandoned(key, permit)
    }
    guard !asked.isEmpty else {
      let result: AskedNodes.Result =
        failure.map { .failed($0.reason) } ?? (end.isTold ? .answered : .untold)
      return settle(chosen, job.permit, result, at: now)
    }
    // A probe that asked other nodes only leaves its place to the next.
    if !asked.contains(where: { $0.node == chosen.node }) { services.abandoned(chosen, job.permit) }
    for (node, result) in asked {
      let key = BreakerKey(service: chosen.service, node: node)
      // What was asked after the chosen one is let through now; an open breaker waits for its time all the same.
      let given = key == chosen ? job.permit : job.retryPermits[key]
      guard let permit = given ?? services.admit(key, at: now) else { continue }
      settle(key, permit, result, at: now)
    }
  }

  private mutating func settle(
    _ key: BreakerKey, _ permit: CircuitBreaker.Permit, _ result: AskedNodes.Result, at now: Int64
  ) {
    switch result {
    case .failed(let reason):
      let change = services.failed(key, permit, reason: reason, at: now)
      report(change, reason: reason, scope: .service, key: key)
      guard case .opened = change else { return }
      for job in queue.removeAll(of: key) { refuse(job, refusal(of: key, at: now)) }
    case .answered:
      report(services.succeeded(key, permit, at: now), reason: "", scope: .service, key: key)
    case .untold:
      services.abandoned(key, permit)
    }
  }

  private mutating func settlePool(_ run: Run, _ end: TaskEnd, _ failure: Failure?, at now: Int64) {
    let slotChange: CircuitBreaker.Change?
    let poolChange: CircuitBreaker.Change?
    if let failure {
      slotChange = slots[run.slot].failed(run.slotPermit, reason: failure.reason, at: now)
      poolChange = breaker.failed(run.poolPermit, reason: failure.reason, at: now)
    } else if !end.isTold {
      slots[run.slot].abandoned(run.slotPermit)
      breaker.abandoned(run.poolPermit)
      return
    } else {
      slotChange = slots[run.slot].succeeded(run.slotPermit, at: now)
      poolChange = breaker.succeeded(run.poolPermit, at: now)
    }
    if case .opened = slotChange, !run.slotPermit.isProbe { closedSlots -= 1 }
    if case .closed = slotChange { closedSlots += 1 }
    report(slotChange, reason: failure?.reason ?? "", scope: .worker, worker: run.slot)
    report(poolChange, reason: failure?.reason ?? "", scope: .pool)
  }

  /// Tells of a breaker that opened or closed.
  private mutating func report(
    _ change: CircuitBreaker.Change?, reason: ByteText, scope: BreakerScope, worker: Int? = nil,
    key: BreakerKey? = nil
  ) {
    switch change {
    case .opened(let failures):
      let cooldownMs = configuration.cooldown.wholeMilliseconds
      actions.append(
        .emit(
          .breakerOpen(
            BreakerOpen(
              pool: name, scope: scope, worker: worker, service: key?.service, node: key?.node,
              consecutiveFailures: failures, cooldownMs: cooldownMs))))
      note(
        .opened(consecutiveFailures: failures, reason: reason, cooldownMs: cooldownMs), scope, worker, key)
    case .closed(let time):
      let openMs = time.wholeNanoseconds / 1_000_000
      actions.append(
        .emit(
          .breakerClose(
            BreakerClose(
              pool: name, scope: scope, worker: worker, service: key?.service, node: key?.node,
              openMs: openMs))))
      note(.closed(afterMs: openMs), scope, worker, key)
    case nil:
      break
    }
  }

  mutating func noteProbe(
    of job: PoolJob, scope: BreakerScope, worker: Int? = nil, key: BreakerKey? = nil
  ) {
    note(.probes(requestID: job.context.requestID), scope, worker, key)
  }

  private mutating func note(
    _ change: BreakerNotice.Change, _ scope: BreakerScope, _ worker: Int?, _ key: BreakerKey?
  ) {
    actions.append(.note(BreakerNotice(change: change, scope: scope, worker: worker, key: key)))
  }

  /// Slots whose cooldown is over wait for work again.
  private mutating func promote(at now: Int64) {
    while let slot = openIdle.first, slots[slot].admits(at: now) {
      openIdle.removeFirst()
      idle.append(slot)
    }
  }

  /// A holder runs one task less.
  private mutating func next(of holder: PoolHolder?, at now: Int64) {
    if shares.hasRoom(holder) { queue.mayRun(holder) }
    pump(at: now)
  }

  private mutating func pump(at now: Int64) {
    while !queue.isEmpty, !idle.isEmpty, breaker.state(at: now) == .closed,
      let job = queue.popFirst({ shares.hasRoom($0, besides: 1) })
    {
      start(job, on: idle.removeFirst(), at: now)
    }
  }

  /// Nothing waits for workers that may not work: its client would wait for a cooldown.
  private mutating func refuseHopeless(at now: Int64) {
    let refusal: PoolRefusal
    if breaker.state(at: now) != .closed {
      refusal = refusalOfPool(at: now)
    } else if closedSlots == 0, idle.isEmpty {
      refusal = refusalOfWorkers
    } else {
      return
    }
    for job in queue.removeAll() { refuse(job, refusal) }
  }

  private mutating func refuse(_ job: PoolJob, _ refusal: PoolRefusal) {
    count(refusal)
    actions.append(.refuse(job, refusal))
  }
}
