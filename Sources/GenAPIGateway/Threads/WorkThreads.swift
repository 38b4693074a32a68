import DequeModule
import Dispatch
import Foundation
import Locking

/// Threads on which the program's own functions, hooks and callbacks run.
///
/// They are apart from the few threads that all Swift tasks share: a function that blocks the one it is on then holds up
/// no timeout and no answer of another. `steady` threads do the work; when none of them has got on for 5 ms while jobs
/// wait, one more is started, up to `most`, and one that had nothing to do for 10 s ends.
package final class WorkThreads: TaskExecutor {
  /// For functions of which nothing is known. As many as `most` may block at one time before others wait for a thread;
  /// their timeouts answer all the same.
  package static let functions = WorkThreads(name: "function", steady: availableCores(), most: 64)

  private static let stallMs = 5
  private static let idleMs = 10_000

  private struct State {
    var jobs: Deque<UnownedJob> = []
    var threads = 0
    /// Those that wait for a job, the one that worked last at the end: it is taken first.
    var idle: [WorkThread] = []
    /// Jobs that were taken, in all.
    var taken: UInt64 = 0
    var isWatched = false
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
  package var count: Int { state.withLock { $0.threads } }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (woken, starts, watches) = state.withLock { state -> (WorkThread?, Bool, Bool) in
      state.jobs.append(job)
      if let thread = state.idle.popLast() { return (thread, false, false) }
      if state.threads < steady {
        state.threads += 1
        return (nil, true, false)
      }
      guard state.threads < most, !state.isWatched else { return (nil, false, false) }
      state.isWatched = true
      return (nil, false, true)
    }
    woken?.wake()
    if starts { startThread() }
    if watches { watch(since: nil) }
  }

  /// Looks again in 5 ms whether jobs still wait and none was taken meanwhile; one thread more takes the next one then.
  ///
  /// Dispatch keeps time on threads of its own, which no function of ours can block.
  private func watch(since taken: UInt64?) {
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Self.stallMs)) { [self] in
      let (starts, next) = state.withLock { state -> (Bool, UInt64?) in
        guard !state.jobs.isEmpty, state.threads < most else {
          state.isWatched = false
          return (false, nil)
        }
        let stalls = state.taken == taken
        if stalls { state.threads += 1 }
        return (stalls, state.taken)
      }
      if starts { startThread() }
      if let next { watch(since: next) }
    }
  }

  private func startThread() {
    let thread = Thread { [self] in run(WorkThread()) }
    thread.name = "genapi \(name)"
    thread.start()
  }

  private func run(_ thread: WorkThread) {
    let executor = asUnownedTaskExecutor()
    while true {
      let job = state.withLock { state -> UnownedJob? in
        guard let job = state.jobs.popFirst() else {
          state.idle.append(thread)
          return nil
        }
        state.taken &+= 1
        return job
      }
      if let job {
        job.runSynchronously(on: executor)
      } else if !thread.wait(milliseconds: Self.idleMs) {
        let ends = state.withLock { state -> Bool in
          // Else it was taken from the line just now, and is about to be woken.
          guard let index = state.idle.firstIndex(where: { $0 === thread }) else { return false }
          state.idle.remove(at: index)
          state.threads -= 1
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

  func wake() { semaphore.signal() }

  func wait() { semaphore.wait() }

  /// False when nobody woke it in time.
  func wait(milliseconds: Int) -> Bool {
    semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}
