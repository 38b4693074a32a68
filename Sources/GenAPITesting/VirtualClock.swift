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
    let nanoseconds: Int64
    let due: Int64
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct Waiter {
    let count: Int
    /// Only those who sleep for as long count; nil for all.
    let sleepingFor: Int64?
    let continuation: CheckedContinuation<Void, Never>

    func isSatisfied(by sleepers: [Sleeper]) -> Bool {
      guard let sleepingFor else { return sleepers.count >= count }
      return sleepers.count { $0.nanoseconds == sleepingFor } >= count
    }
  }

  private struct State {
    var now: Int64 = 0
    var nextID = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
    var waiters: [Waiter] = []

    mutating func takeReadyWaiters() -> [CheckedContinuation<Void, Never>] {
      let ready = waiters.filter { $0.isSatisfied(by: sleepers) }.map(\.continuation)
      if !ready.isEmpty { waiters = waiters.filter { !$0.isSatisfied(by: sleepers) } }
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
            Sleeper(
              id: id, nanoseconds: nanoseconds, due: state.now.saturatingAdd(nanoseconds),
              continuation: continuation))
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
    let nanoseconds = duration.wholeNanoseconds
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
  public func waitForSleepers(_ count: Int = 1) async { await wait(count, sleepingFor: nil) }

  /// Returns once at least `count` tasks sleep for just this time, for a test of code that sleeps beside others: time that
  /// is advanced before a task has begun to sleep does not count for it.
  public func waitForSleepers(of duration: Duration, _ count: Int = 1) async {
    await wait(count, sleepingFor: duration.wholeNanoseconds)
  }

  private func wait(_ count: Int, sleepingFor nanoseconds: Int64?) async {
    await withCheckedContinuation { continuation in
      let waiter = Waiter(count: count, sleepingFor: nanoseconds, continuation: continuation)
      let now = state.withLock { state in
        if waiter.isSatisfied(by: state.sleepers) { return true }
        state.waiters.append(waiter)
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// How many tasks sleep on it now.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }
}
