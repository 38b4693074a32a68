import GenAPIValue
import Locking

/// Something took longer than it may.
public struct DeadlineExceeded: Error, Equatable, CustomStringConvertible {
  /// The time that was over.
  public var limit: Duration { .milliseconds(milliseconds) }
  let milliseconds: Int64
  /// False for work that waited all this time for a thread, as functions that block held all: it did not run, and will not.
  public internal(set) var hasBegun = true

  public var description: String {
    hasBegun ? "no end within \(milliseconds) ms" : "no thread was free for it within \(milliseconds) ms"
  }
}

/// Waits for `work` at most so long, nil for as long as it takes. Work that ignores its cancellation goes on, but nobody
/// waits for it.
///
/// - Throws: `DeadlineExceeded`, `CancellationError`, or what `work` throws.
nonisolated(nonsending) public func withDeadline<Success: Sendable>(
  _ limit: Duration?, on clock: any GatewayClock, _ work: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  try await withDeadline(milliseconds: limit?.wholeMilliseconds, on: clock, work)
}

/// The same with milliseconds, as requests have them.
nonisolated(nonsending) package func withDeadline<Success: Sendable>(
  milliseconds: Int64?, on clock: any GatewayClock, threads: any TaskExecutor = WorkThreads.functions,
  _ work: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  guard let milliseconds else { return try await work() }
  let answer = Answer<Success>()
  let body = DeadlineRace.Work.closure {
    let value = try await work()
    answer.value.withLock { $0 = value }
    return .ok(.null)
  }
  _ = try await DeadlineRace.run(milliseconds: milliseconds, on: clock, pace: nil, threads: threads, body)
  // The work was first, and has left it before it said so.
  return answer.value.withLock { $0! }
}

private final class Answer<Success: Sendable>: Sendable {
  let value = Mutex<Success?>(nil)
}
