import Synchronization

/// Something took longer than it may.
public struct DeadlineExceeded: Error, Equatable, CustomStringConvertible {
  public let milliseconds: Int64

  public var description: String { "no end within \(milliseconds) ms" }
}

/// Waits for `work` at most so long. Work that ignores its cancellation goes on, but nobody waits for it.
///
/// - Throws: `DeadlineExceeded`, `CancellationError`, or what `work` throws.
public func withDeadline<Success: Sendable>(
  milliseconds: Int64?, on clock: any GatewayClock, _ work: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  guard let milliseconds else { return try await work() }
  let race = Race<Success>()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      guard race.begin(continuation) else { return }
      let worker = Task {
        do {
          race.finish(.success(try await work()))
        } catch {
          race.finish(.failure(error))
        }
      }
      let timer = Task {
        do {
          try await clock.sleep(milliseconds: milliseconds)
          race.finish(.failure(DeadlineExceeded(milliseconds: milliseconds)))
        } catch {}
      }
      race.running(worker, timer)
    }
  } onCancel: {
    race.finish(.failure(CancellationError()))
  }
}

/// Who is first, the work, its deadline or a cancellation, answers; the others are cancelled.
private final class Race<Success: Sendable>: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Success, any Error>?
    var tasks: [Task<Void, Never>] = []
    var isOver = false
  }

  private let state = Mutex(State())

  /// False when it was cancelled before it began.
  func begin(_ continuation: CheckedContinuation<Success, any Error>) -> Bool {
    let isOver = state.withLock { state in
      if !state.isOver { state.continuation = continuation }
      return state.isOver
    }
    if isOver { continuation.resume(throwing: CancellationError()) }
    return !isOver
  }

  func running(_ tasks: Task<Void, Never>...) {
    let isOver = state.withLock { state in
      if !state.isOver { state.tasks = tasks }
      return state.isOver
    }
    if isOver { for task in tasks { task.cancel() } }
  }

  func finish(_ result: Result<Success, any Error>) {
    let (continuation, tasks) = state.withLock { state in
      state.isOver = true
      defer {
        state.continuation = nil
        state.tasks = []
      }
      return (state.continuation, state.tasks)
    }
    continuation?.resume(with: result)
    for task in tasks { task.cancel() }
  }
}
