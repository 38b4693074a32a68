import Foundation
import Locking

/// Lets the main thread, which belongs to the screen and to no task, wait for asynchronous work.
///
/// Never call it from a task: the thread waited with would be missing for the work.
enum Blocking {
  private final class Outcome<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
  }

  static func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    Task.detached {
      let result: Result<Value, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      outcome.result.withLock { $0 = result }
      outcome.done.signal()
    }
    outcome.done.wait()
    // Set before the signal.
    return try outcome.result.withLock { $0! }.get()
  }

  /// Goes on when the time is over, whether the work has ended or not.
  static func wait(atMost limit: DispatchTimeInterval, _ work: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await work()
      done.signal()
    }
    _ = done.wait(timeout: .now() + limit)
  }
}
