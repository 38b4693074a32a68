import DequeModule
import Dispatch
import GenAPITelemetry
import Locking

/// Threads on which the program's own functions, hooks and callbacks run.
///
/// They are apart from the few threads that all Swift tasks share: a function that blocks the one it is on then holds up
/// no timeout and no answer of another. `steady` threads do the work; when none of them has got on for 5 ms while jobs
/// wait, one more is started, up to `most`, and one that had nothing to do for 10 s ends.
package final class WorkThreads: TaskExecutor, BoundedThreads {
  /// For functions of which nothing is known. As many as `most` may block at one time before others wait for a thread;
  /// their timeouts answer all the same.
  package static let functions = WorkThreads(name: "function", steady: availableCores(), most: 64)

  /// For what takes long by the size of the gateway, as a text of all its functions: on one of the few threads that all Swift tasks
  /// share it would hold up every request behind it. As many as there are reports, so that one of them does not wait for another.
  package static let reports = WorkThreads(name: "report", steady: 1, most: 4)

  /// For what reads the files of a configuration again, apart from reports: a storm of reloads holds one thread for good, and whoever
  /// asks for the gateway's health meanwhile would wait for it.
  package static let reloads = WorkThreads(name: "reload", steady: 1, most: 1)

  /// For configs that other nodes send, which may be as large as a message.
  package static let configs = WorkThreads(name: "config", steady: 1, most: 2)

  private static let stallMs = 5
  private static let idleMs = 10_000
  /// All threads are held for good, as far as anybody can see, when a job has waited for one so long.
  package static let longWaitMs = 1_000
  private static let lookMs = 100
  /// It is told once in so long at most.
  private static let tellMs = 60_000

  private struct Job {
    let job: UnownedJob
    /// Whose preference the job follows: it runs as on this one, or it would be handed on to it.
    let executor: UnownedTaskExecutor
    /// The executor of the actor that the job is of, whose only thread this is; nil for jobs of tasks.
    var serial: UnownedSerialExecutor?
    /// Of the function that it belongs to; 0 for none.
    let mark: UInt
  }

  private struct State {
    var jobs: Deque<Job> = []
    var threads: [WorkThread] = []
    /// Threads that were counted in and do not run yet.
    var starting = 0
    /// Those that wait for a job, the one that worked last at the end: it is taken first.
    var idle: [WorkThread] = []
    /// Jobs that were taken, in all.
    var taken: UInt64 = 0
    var isWatched = false
    /// The jobs that had come at a time, all of which were not taken yet, while all threads were held.
    var longWait: (jobs: UInt64, sinceNs: UInt64)?
    var isStalled = false
    var toldAtNs: UInt64?
    var tellers: [ObjectIdentifier: @Sendable (ThreadPressure) -> Void] = [:]

    var count: Int { threads.count + starting }
  }

  let name: String
  let steady: Int
  package let most: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - steady: started whenever a job finds nobody to run it, 1 or more.
  ///   - most: that there are at one time.
  package init(name: String, steady: Int, most: Int) {
    self.name = name
    self.steady = max(1, min(steady, most))
    self.most = max(1, most)
  }

  /// Threads there are, waiting ones included.
  package var count: Int { state.withLock { $0.count } }

  var areAllHeld: Bool { state.withLock { $0.count - $0.idle.count >= most } }

  /// Who holds them now.
  package var pressure: ThreadPressure { state.withLock { measured($0) } }

  private func measured(_ state: State) -> ThreadPressure {
    var holders: [UInt: Int] = [:]
    for thread in state.threads {
      let mark = thread.mark.load(ordering: .relaxed)
      if mark != 0 { holders[mark, default: 0] += 1 }
    }
    return ThreadPressure(
      held: state.count - state.idle.count, most: most, waiting: state.jobs.count, isStalled: state.isStalled,
      holders: holders)
  }

  /// Tells somebody, until it is forgotten, when all threads are held and jobs wait for long: once a minute at most.
  package func onStall(_ owner: AnyObject, _ tell: @escaping @Sendable (ThreadPressure) -> Void) {
    let id = ObjectIdentifier(owner)
    state.withLock { $0.tellers[id] = tell }
  }

  package func forget(_ owner: AnyObject) {
    let id = ObjectIdentifier(owner)
    state.withLock { _ = $0.tellers.removeValue(forKey: id) }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    enqueue(UnownedJob(job), on: asUnownedTaskExecutor(), 0)
  }

  /// Runs a job of an actor. Only of those threads of which there is never more than one.
  package func enqueue(_ job: UnownedJob, of serial: UnownedSerialExecutor) {
    precondition(most == 1, "an actor's jobs run one after the other")
    enqueue(Job(job: job, executor: asUnownedTaskExecutor(), serial: serial, mark: 0))
  }

  func enqueue(_ job: UnownedJob, on executor: UnownedTaskExecutor, _ mark: UInt) {
    enqueue(Job(job: job, executor: executor, mark: mark))
  }

  private func enqueue(_ job: Job) {
    let (woken, starts, watches) = state.withLock { state -> (WorkThread?, Bool, Bool) in
      state.jobs.append(job)
      if let thread = state.idle.popLast() { return (thread, false, false) }
      if state.count < steady {
        state.starting += 1
        return (nil, true, false)
      }
      // Of those that are never more nobody is told: who waits for them is refused, or knows of it.
      guard steady < most, !state.isWatched else { return (nil, false, false) }
      state.isWatched = true
      return (nil, false, true)
    }
    woken?.wake()
    if starts { startThread() }
    if watches { watch(since: nil, afterMs: Self.stallMs) }
  }

  /// What a look at those who wait has found.
  private struct Look {
    var starts = false
    /// nil when nobody has to look again.
    var nextMs: Int?
    var taken: UInt64 = 0
    var told: ThreadPressure?
    var tellers: [@Sendable (ThreadPressure) -> Void] = []
  }

  /// Looks again soon whether jobs still wait and none was taken meanwhile; one thread more takes the next one then. When there
  /// may be no more threads, it looks how long jobs have waited.
  ///
  /// Dispatch keeps time on threads of its own, which no function of ours can block.
  private func watch(since taken: UInt64?, afterMs: Int) {
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(afterMs)) { [self] in
      let nowNs = DispatchTime.now().uptimeNanoseconds
      let look = state.withLock { self.look(&$0, since: taken, nowNs) }
      if look.starts { startThread() }
      if let told = look.told { for tell in look.tellers { tell(told) } }
      if let next = look.nextMs { watch(since: look.taken, afterMs: next) }
    }
  }

  private func look(_ state: inout State, since taken: UInt64?, _ nowNs: UInt64) -> Look {
    var look = Look()
    look.taken = state.taken
    guard !state.jobs.isEmpty else {
      state.isWatched = false
      state.longWait = nil
      state.isStalled = false
      return look
    }
    guard state.count >= most else {
      look.starts = state.taken == taken
      if look.starts { state.starting += 1 }
      look.nextMs = Self.stallMs
      return look
    }
    look.nextMs = Self.lookMs
    let come = state.taken &+ UInt64(state.jobs.count)
    guard let wait = state.longWait, state.taken < wait.jobs else {
      state.longWait = (jobs: come, sinceNs: nowNs)
      state.isStalled = false
      return look
    }
    guard nowNs &- wait.sinceNs >= UInt64(Self.longWaitMs) * 1_000_000, !state.isStalled else { return look }
    state.isStalled = true
    if let told = state.toldAtNs, nowNs &- told < UInt64(Self.tellMs) * 1_000_000 { return look }
    state.toldAtNs = nowNs
    look.told = measured(state)
    look.tellers = Array(state.tellers.values)
    return look
  }

  private func startThread() {
    NamedThread.start("genapi \(name)") { [self] in
      let thread = WorkThread()
      state.withLock { state in
        state.starting -= 1
        state.threads.append(thread)
      }
      run(thread)
    }
  }

  private func run(_ thread: WorkThread) {
    while true {
      let job = state.withLock { state -> Job? in
        guard let job = state.jobs.popFirst() else {
          thread.mark.store(0, ordering: .relaxed)
          state.idle.append(thread)
          return nil
        }
        state.taken &+= 1
        thread.mark.store(job.mark, ordering: .relaxed)
        return job
      }
      if let job {
        if let serial = job.serial {
          job.job.runSynchronously(on: serial)
        } else {
          job.job.runSynchronously(on: job.executor)
        }
      } else if !thread.wait(milliseconds: Self.idleMs) {
        let ends = state.withLock { state -> Bool in
          // Else it was taken from the line just now, and is about to be woken.
          guard let index = state.idle.firstIndex(where: { $0 === thread }) else { return false }
          state.idle.remove(at: index)
          state.threads.removeAll { $0 === thread }
          return true
        }
        if ends { return }
        thread.wait()
      }
    }
  }
}

/// One of the threads, while it waits.
private final class WorkThread: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  /// Of the function whose job it runs; 0 for none.
  let mark = Atomic<UInt>(0)

  func wake() { semaphore.signal() }

  func wait() { semaphore.wait() }

  /// False when nobody woke it in time.
  func wait(milliseconds: Int) -> Bool {
    semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}
