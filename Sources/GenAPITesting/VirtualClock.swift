import GenAPIGateway
import GenAPITelemetry
import Locking
import OutsideText

/// A clock that moves only when told to, so that tests of timeouts and backoff neither wait nor flicker.
///
/// ```swift
/// let clock = VirtualClock()
/// let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), clock: clock)
/// ```
public final class VirtualClock: GatewayClock {
  private struct Sleeper {
    let id: Int
    let due: Int64
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Int64 = 0
    var nextID = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
    var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func takeReadyWaiters() -> [CheckedContinuation<Void, Never>] {
      let count = sleepers.count
      let ready = waiters.filter { $0.count <= count }.map(\.continuation)
      waiters.removeAll { $0.count <= count }
      return ready
    }
  }

  private let state = Mutex(State())
  private let epoch: Int64

  /// - Parameter epoch: the wall clock's microseconds at virtual time 0.
  public init(epoch: Int64 = 1_700_000_000_000_000) { self.epoch = epoch }

  public func monotonicNanoseconds() -> Int64 { state.withLock { $0.now } }
  public func wallMicroseconds() -> Int64 { epoch + monotonicNanoseconds() / 1_000 }

  public func sleep(nanoseconds: Int64) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, ready) = state.withLock {
          state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
          if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
          if nanoseconds <= 0 { return (.success(()), []) }
          state.sleepers.append(
            Sleeper(id: id, due: state.now.saturatingAdd(nanoseconds), continuation: continuation))
          return (nil, state.takeReadyWaiters())
        }
        if let result { continuation.resume(with: result) }
        for waiter in ready { waiter.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves time on and wakes those whose time has come, earliest first.
  public func advance(by duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds.saturatingMultiply(1_000_000_000).saturatingAdd(attoseconds / 1_000_000_000)
    let due = state.withLock { state -> [Sleeper] in
      state.now = state.now.saturatingAdd(nanoseconds)
      let now = state.now
      let due = state.sleepers.filter { $0.due <= now }.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
      state.sleepers.removeAll { $0.due <= now }
      return due
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Returns once at least `count` tasks sleep on this clock: then it is safe to advance it.
  public func waitForSleepers(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.waiters.append((count, continuation))
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// How many tasks sleep on it now.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }
}
