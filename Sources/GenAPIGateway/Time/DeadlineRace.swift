import Locking

/// Who is first, the work, its deadline or a cancellation, answers; the others are cancelled.
///
/// Made for one type of answer: on every request's path, the look-ups that a generic class needs at run time cost
/// as much as the rest of it.
final class DeadlineRace: Sendable {
  fileprivate struct State {
    var continuation: CheckedContinuation<FunctionResult, any Error>?
    var worker: Task<Void, Never>?
    var timer: Task<Void, Never>?
    var hasWorkBegun = false
    var hasWorkEnded = false
    var result: Result<FunctionResult, any Error>?
  }

  enum Work: Sendable {
    case closure(@Sendable () async throws -> FunctionResult)
    /// A request's call, which is not copied for it.
    case call(FunctionRegistry.Function, CallJob)
  }

  private let work: Work
  private let threads: any TaskExecutor
  private let state = Mutex(State())

  private init(_ work: Work, _ threads: any TaskExecutor) {
    self.work = work
    self.threads = threads
  }

  /// - Parameters:
  ///   - milliseconds: nil for no deadline.
  ///   - pace: of the function that the work is to call; with none the work runs on another thread.
  ///   - threads: where the work runs, or goes on once it has suspended. The deadline and whoever waits are elsewhere, so
  ///     that work which blocks its thread does not stop them.
  /// - Throws: `DeadlineExceeded`, `CancellationError`, or what `work` throws.
  nonisolated(nonsending) static func run(
    milliseconds: Int64?, on clock: any GatewayClock, pace: CallPace?,
    threads: any TaskExecutor, _ work: Work
  ) async throws -> FunctionResult {
    guard !Task.isCancelled else { throw CancellationError() }
    let race = DeadlineRace(work, threads)
    let startNs = pace == nil ? 0 : clock.monotonicNanoseconds()
    if let pace, pace.mayHoldThread {
      if let result = race.start(pace, startNs, clock) { return try result.get() }
    } else {
      Task(executorPreference: threads) {
        _ = race.start(pace, pace == nil ? 0 : clock.monotonicNanoseconds(), clock)
      }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard race.wait(continuation), let milliseconds else { return }
        let timer = Task {
          do {
            try await clock.sleep(milliseconds: milliseconds)
            race.timeOut(milliseconds)
          } catch {}
        }
        race.running { $0.timer = timer }
      }
    } onCancel: {
      race.finish(.failure(CancellationError()))
    }
  }

  /// Starts the work on this thread; returns when it has ended, with its answer, or when it suspends.
  private func start(_ pace: CallPace?, _ startNs: Int64, _ clock: any GatewayClock)
    -> Result<FunctionResult, any Error>?
  {
    // Whose time was over while it waited for a thread is not begun any more.
    let ended = state.withLock { state in
      if state.result == nil { state.hasWorkBegun = true }
      return state.result
    }
    if let ended { return ended }
    let worker = startTask(on: threads) { await self.carryOut() }
    if let pace {
      let now = clock.monotonicNanoseconds()
      pace.held(now - startNs, nowNs: now)
    }
    let (late, result) = state.withLock { state -> (State?, Result<FunctionResult, any Error>?) in
      if !state.hasWorkEnded { state.worker = worker }
      return state.result == nil || state.hasWorkEnded
        ? (nil, state.result) : (state.taken(), state.result)
    }
    late?.cancel()
    return result
  }

  private func carryOut() async {
    do {
      switch work {
      case .closure(let body): finish(.success(try await body()), byWork: true)
      case .call(let function, let job):
        job.begins()
        finish(.success(try await OwnTimeout.marking { try await function(job.call) }), byWork: true)
      }
    } catch {
      finish(.failure(error), byWork: true)
    }
  }

  /// False when it is over and the continuation has been resumed.
  private func wait(_ continuation: CheckedContinuation<FunctionResult, any Error>) -> Bool {
    let result = state.withLock { state in
      if state.result == nil { state.continuation = continuation }
      return state.result
    }
    if let result { continuation.resume(with: result) }
    return result == nil
  }

  private func running(_ note: (inout State) -> Void) {
    let late = state.withLock { state -> State? in
      note(&state)
      return state.result == nil ? nil : state.taken()
    }
    late?.cancel()
  }

  private func finish(_ result: Result<FunctionResult, any Error>, byWork: Bool = false) {
    let taken = state.withLock { state -> State? in
      if byWork { state.hasWorkEnded = true }
      guard state.result == nil else { return nil }
      state.result = result
      if byWork { state.worker = nil }
      return state.taken()
    }
    taken?.continuation?.resume(with: result)
    taken?.cancel()
  }

  private func timeOut(_ milliseconds: Int64) {
    // Where threads are free it is about to begin: a clock of a test may be faster than they are.
    let mayWait = (threads as? any BoundedThreads)?.areAllHeld == true
    let (taken, error) = state.withLock { state -> (State?, DeadlineExceeded) in
      let error = DeadlineExceeded(
        milliseconds: milliseconds, hasBegun: state.hasWorkBegun || !mayWait)
      guard state.result == nil else { return (nil, error) }
      state.result = .failure(error)
      return (state.taken(), error)
    }
    taken?.continuation?.resume(throwing: error)
    taken?.cancel()
  }
}

fileprivate extension DeadlineRace.State {
  /// What is to be ended, which is kept no longer.
  mutating func taken() -> Self {
    defer { (continuation, worker, timer) = (nil, nil, nil) }
    return self
  }

  func cancel() {
    worker?.cancel()
    timer?.cancel()
  }
}
