import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// Runs tasks on a bounded number of workers, and stops feeding what keeps failing.
///
/// A worker is a slot with a circuit breaker of its own, not a thread: a task runs as a Swift task while it
/// holds a slot. Slots take turns, so their breakers see fair traffic. What finds no free slot waits in a
/// bounded queue: one client's tasks first come first served, clients in turn. One client holds at most its share of
/// the slots and of the queue. When a breaker lets them run no more, waiting tasks are refused at once.
public final class WorkerPool: Sendable {
  /// What the pool is called in events and numbers.
  public let name: ByteText
  /// The settings it was made with.
  public let configuration: WorkerPoolConfiguration
  let bus: TelemetryBus
  let clock: any GatewayClock
  /// For the times that its state shows.
  let epoch = SteadyEpoch()
  private let logger: Logger
  private let state: Mutex<State>

  struct State {
    var core: PoolCore
    /// The Swift tasks of the running jobs: the work, and the one that waits for its time to be up.
    var tasks: [UInt64: (work: Task<Void, Never>, timer: Task<Void, Never>)] = [:]
    /// Those that wait for the time of a waiting job to be up.
    var waits: [UInt64: Task<Void, Never>] = [:]

    mutating func endWait(of job: PoolJob) {
      guard job.waitMs != nil else { return }
      waits.removeValue(forKey: job.id)?.cancel()
    }
  }

  /// - Throws: `WorkerPoolError` naming the setting that is out of range.
  public init(
    name: ByteText, configuration: WorkerPoolConfiguration, bus: TelemetryBus, clock: any GatewayClock,
    logger: Logger = Logger(label: "genapi.gateway")
  ) throws(WorkerPoolError) {
    try configuration.validate(as: name)
    self.name = name
    self.configuration = configuration
    self.bus = bus
    self.clock = clock
    self.logger = logger
    state = Mutex(
      State(
        core: PoolCore(name: name, configuration: configuration, now: clock.monotonicNanoseconds())))
  }

  /// Starts a task, or queues it. Never waits.
  ///
  /// - Parameters:
  ///   - holder: whose share it takes; nil takes nobody's.
  ///   - node: it will be called on; nil for a local function.
  ///   - timeout: how long it may run, 1 ms … 24 h; nil takes the pool's. Waiting does not count.
  ///   - patience: how long it may wait for a worker, 1 ms … 24 h; nil for as long as it takes. What waited longer never runs, and
  ///     has ended as `TaskEnd.waitedTooLong`.
  ///   - refused: called once when the task is queued and then refused; `finished` is not called then.
  ///   - finished: called once when the task has ended. A task that timed out or was cancelled has ended even
  ///     if its work goes on; what the work answers later is thrown away.
  /// - Throws: when the queue is full, the share used or a breaker open; neither closure is called then.
  @discardableResult
  public func submit(
    _ context: RequestContext, holder: PoolHolder? = nil, node: ByteText? = nil, timeout: Duration? = nil,
    patience: Duration? = nil,
    work: @escaping @Sendable () async throws -> TaskResult,
    refused: @escaping @Sendable (TaskRejection.Reason) -> Void,
    finished: (@Sendable (TaskEnd) -> Void)? = nil
  ) throws(PoolRefusal) -> PoolTaskHandle {
    try submit(
      context, holder: holder, node: node,
      timeoutMs: (timeout ?? configuration.taskTimeout).wholeMilliseconds,
      waitMs: patience?.wholeMilliseconds, work: work, refused: { refused($0.reason) },
      finished: finished)
  }

  /// The same with milliseconds, as requests have them.
  ///
  /// - Parameters:
  ///   - asked: what came of which node, where the task may ask others than the one chosen.
  ///   - retries: by which the task asks whether it may call again.
  @discardableResult
  func submit(
    _ context: RequestContext, holder: PoolHolder?, node: ByteText?, asked: AskedNodes? = nil,
    retries: RetryLeave? = nil,
    timeoutMs: Int64,
    waitMs: Int64?,
    work: @escaping @Sendable () async throws -> TaskResult,
    refused: @escaping @Sendable (PoolRefusal) -> Void,
    finished: (@Sendable (TaskEnd) -> Void)?
  ) throws(PoolRefusal) -> PoolTaskHandle {
    let timeout = min(max(1, timeoutMs), WorkerPoolConfiguration.longestMs)
    let wait = waitMs.map { min(max(1, $0), WorkerPoolConfiguration.longestMs) }
    let (id, refusal, callbacks) = state.withLock { state -> (UInt64, PoolRefusal?, [Callback]) in
      let job = PoolJob(
        id: state.core.newID(), context: context, node: node, asked: asked, holder: holder,
        timeoutMs: timeout,
        waitMs: wait, work: work, refused: refused, finished: finished)
      // Before it begins.
      retries?.belongs(to: job.id)
      let refusal = state.core.submit(job, at: clock.monotonicNanoseconds())
      if let refusal {
        state.core.count(refusal)
        emit(refusal, of: job)
      }
      return (job.id, refusal, carryOut(&state))
    }
    for callback in callbacks { callback() }
    if let refusal { throw refusal }
    return PoolTaskHandle(pool: self, id: id)
  }

  /// Refuses every task that waits and cancels every one that runs; for shutting down.
  public func cancelAll() {
    change { core, now in
      for id in core.queue.ids { core.withdraw(id, .shutdown) }
      for id in core.running.keys.sorted() { core.cancel(id, at: now) }
    }
  }

  /// Nodes of a service whose breaker lets through first, each part in the order given.
  func preferring(_ nodes: [ByteText], of service: ByteText) -> [ByteText] {
    read { core, now in core.preferring(nodes, of: service, at: now) }
  }

  /// Lets a task that runs call again, or says why not.
  func retry(_ id: UInt64, on node: ByteText?) -> PoolRefusal? {
    var refusal: PoolRefusal?
    change { refusal = $0.retry(id, on: node, at: $1) }
    return refusal
  }

  func cancel(_ id: UInt64) { change { $0.cancel(id, at: $1) } }

  /// Takes those out of the queue that wait there, all at once; none of them begins.
  ///
  /// - Returns: those taken out, and what is to be called for the caller to say how they ended.
  func withdraw(_ ids: [UInt64], _ reason: WithdrawnTasks.Reason) -> ([UInt64], [@Sendable () -> Void]) {
    state.withLock { state in
      let taken = ids.filter { state.core.withdraw($0, reason) }
      return (taken, carryOut(&state))
    }
  }

  // MARK: Carrying out

  private typealias Callback = @Sendable () -> Void

  private func change(_ body: (inout PoolCore, Int64) -> Void) {
    let callbacks = state.withLock { state in
      body(&state.core, clock.monotonicNanoseconds())
      return carryOut(&state)
    }
    for callback in callbacks { callback() }
  }

  /// Events and the start of tasks happen under the lock, so that their order is the order in which things
  /// happened; neither can wait. The submitters' closures and the log, which can, are for the caller, after the lock.
  private func carryOut(_ state: inout State) -> [Callback] {
    var callbacks: [Callback] = []
    // After them: what is cancelled may answer at once, and how it ended has to be known by then.
    var cancelling: [Callback] = []
    for action in state.core.takeActions() {
      switch action {
      case .emit(let event):
        bus.emit(event)
      case .note(let notice):
        callbacks.append { [name, logger] in notice.log(pool: name, to: logger) }
      case .wait(let job):
        state.waits[job.id] = runPatience(of: job)
      case .launch(let job, let slot):
        state.endWait(of: job)
        bus.emit(
          .workerPoolTaskStart,
          .taskStart(
            PoolTask(request: job.context, pool: name, worker: slot),
            systemTime: clock.wallMicroseconds() * 1_000))
        state.tasks[job.id] = (runWork(of: job), runTimer(of: job))
      case .stop(let id, let isWorking):
        guard let (work, timer) = state.tasks.removeValue(forKey: id) else { continue }
        timer.cancel()
        if isWorking { cancelling.append { work.cancel() } }
      case .refuse(let job, let refusal):
        state.endWait(of: job)
        emit(refusal, of: job)
        callbacks.append { job.refused(refusal) }
      case .reject(let job, let refusal):
        emit(refusal, of: job)
      case .finish(let job, let end):
        state.endWait(of: job)
        if let finished = job.finished { callbacks.append { finished(end) } }
      }
    }
    callbacks += cancelling
    return callbacks
  }

  private func emit(_ refusal: PoolRefusal, of job: PoolJob) {
    bus.emit(
      .taskRejected(
        TaskRejection(
          request: job.context, pool: name, reason: refusal.reason, scope: refusal.scope,
          circuit: refusal.circuit, worker: refusal.worker, node: refusal.node,
          systemTime: clock.wallMicroseconds() * 1_000)))
  }

  /// Detached: a task that waited is started by whichever task ended before it, and must not inherit from it. On other
  /// threads than its timer's, which work that blocks must not stop.
  private func runWork(of job: PoolJob) -> Task<Void, Never> {
    Task.detached(executorPreference: WorkThreads.functions) {
      let end: TaskEnd
      do {
        end = .completed(try await job.work())
      } catch {
        // For operators; cut, since an error may describe a whole payload.
        end = .threw(reason: ByteText("\(error)".cut(bytes: TextLimit.text)))
      }
      self.change { $0.workEnded(job.id, end, at: $1) }
    }
  }

  private func runTimer(of job: PoolJob) -> Task<Void, Never> {
    Task.detached {
      guard (try? await self.clock.sleep(milliseconds: job.timeoutMs)) != nil else { return }
      self.change { $0.timedOut(job.id, at: $1) }
    }
  }

  /// nil for a job that waits as long as it takes.
  private func runPatience(of job: PoolJob) -> Task<Void, Never>? {
    guard let milliseconds = job.waitMs else { return nil }
    return Task.detached {
      guard (try? await self.clock.sleep(milliseconds: milliseconds)) != nil else { return }
      self.change { core, _ in core.waitedTooLong(job.id) }
    }
  }

  /// Reads the pool's core under its lock.
  func read<Answer: Sendable>(_ body: (borrowing PoolCore, Int64) -> Answer) -> Answer {
    state.withLock { body($0.core, clock.monotonicNanoseconds()) }
  }
}
