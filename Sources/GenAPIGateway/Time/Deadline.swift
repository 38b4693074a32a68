import Synchronization

/// Something took longer than it may.
public struct DeadlineExceeded: Error, Equatable, CustomStringConvertible {
  public let milliseconds: Int64

  public var description: String { "no end within \(milliseconds) ms" }
}

/// Waits for `work` at most so long. Work that ignores its cancellation goes on, but nobody waits for it.
///
/// The work begins on this thread, and work that never suspends ends on it: then no deadline had to be set, and
/// none could have been met while the thread was held.
/// - Throws: `DeadlineExceeded`, `CancellationError`, or what `work` throws.
public func withDeadline<Success: Sendable>(
  milliseconds: Int64?, on clock: any GatewayClock, _ work: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  guard let milliseconds else { return try await work() }
  guard !Task.isCancelled else { throw CancellationError() }
  let race = Race<Success>()
  let worker = startTask {
    do {
      race.finish(.success(try await work()))
    } catch {
      race.finish(.failure(error))
    }
  }
  if let result = race.result { return try result.get() }
  race.running(worker)
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      guard race.wait(continuation) else { return }
      race.running(
        Task {
          do {
            try await clock.sleep(milliseconds: milliseconds)
            race.finish(.failure(DeadlineExceeded(milliseconds: milliseconds)))
          } catch {}
        })
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
    var result: Result<Success, any Error>?
  }

  private let state = Mutex(State())

  /// nil until it is over.
  var result: Result<Success, any Error>? { state.withLock { $0.result } }

  /// False when it is over and the continuation has been resumed.
  func wait(_ continuation: CheckedContinuation<Success, any Error>) -> Bool {
    let result = state.withLock { state in
      if state.result == nil { state.continuation = continuation }
      return state.result
    }
    if let result { continuation.resume(with: result) }
    return result == nil
  }

  func running(_ task: Task<Void, Never>) {
    let isOver = state.withLock { state in
      if state.result == nil { state.tasks.append(task) }
      return state.result != nil
    }
    if isOver { task.cancel() }
  }

  func finish(_ result: Result<Success, any Error>) {
    let taken = state.withLock { state -> (CheckedContinuation<Success, any Error>?, [Task<Void, Never>]) in
      guard state.result == nil else { return (nil, []) }
      state.result = result
      defer {
        state.continuation = nil
        state.tasks = []
      }
      return (state.continuation, state.tasks)
    }
    taken.0?.resume(with: result)
    for task in taken.1 { task.cancel() }
  }
}
