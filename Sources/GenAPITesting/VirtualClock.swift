import Foundation
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
    let id: Int
    let count: Int
    /// Only those who sleep for as long count; nil for all.
    let sleepingFor: Int64?
    /// Told whether so many sleep.
    let continuation: CheckedContinuation<Bool, Never>

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
    /// Whose wait ended before it began.
    var givenUp: Set<Int> = []

    mutating func newID() -> Int {
      nextID += 1
      return nextID
    }

    mutating func takeReadyWaiters() -> [CheckedContinuation<Bool, Never>] {
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
    let id = state.withLock { $0.newID() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, ready) = state.withLock {
          state -> (Result<Void, any Error>?, [CheckedContinuation<Bool, Never>]) in
          if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
          if nanoseconds <= 0 { return (.success(()), []) }
          state.sleepers.append(
            Sleeper(
              id: id, nanoseconds: nanoseconds, due: state.now.saturatingAdd(nanoseconds),
              continuation: continuation))
          return (nil, state.takeReadyWaiters())
        }
        if let result { continuation.resume(with: result) }
        for waiter in ready { waiter.resume(returning: true) }
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

  /// Moves time on and wakes those whose time has come, earliest first. Time never goes back: a negative duration stops the test.
  public func advance(by duration: Duration) {
    precondition(duration >= .zero, "a VirtualClock cannot be advanced by \(duration): time never goes back")
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
  ///
  /// - Parameter limit: how long is waited for them, in real time. When it is over, standard error says how many there are.
  /// - Returns: whether so many sleep; false when the time is over, or the test's task is cancelled.
  @discardableResult
  public func waitForSleepers(_ count: Int = 1, within limit: Duration = .seconds(30)) async -> Bool {
    await wait(count, sleepingFor: nil, limit)
  }

  /// Returns once at least `count` tasks sleep for just this time, for a test of code that sleeps beside others: time that
  /// is advanced before a task has begun to sleep does not count for it.
  ///
  /// - Parameter limit: how long is waited for them, in real time. When it is over, standard error says how many there are.
  /// - Returns: whether so many sleep; false when the time is over, or the test's task is cancelled.
  @discardableResult
  public func waitForSleepers(of duration: Duration, _ count: Int = 1, within limit: Duration = .seconds(30))
    async -> Bool
  {
    await wait(count, sleepingFor: duration.wholeNanoseconds, limit)
  }

  private func wait(_ count: Int, sleepingFor nanoseconds: Int64?, _ limit: Duration) async -> Bool {
    let id = state.withLock { $0.newID() }
    let alarm = Task {
      guard (try? await Task.sleep(for: limit.sleepable)) != nil else { return }
      if giveUp(id) {
        FileHandle.standardError.write(Data(lateText(count, nanoseconds, limit).utf8))
      }
    }
    defer { alarm.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waiter = Waiter(id: id, count: count, sleepingFor: nanoseconds, continuation: continuation)
        let isOver = state.withLock { state -> Bool? in
          if waiter.isSatisfied(by: state.sleepers) { return true }
          if state.givenUp.remove(id) != nil { return false }
          state.waiters.append(waiter)
          return nil
        }
        if let isOver { continuation.resume(returning: isOver) }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  /// - Returns: whether somebody waited.
  @discardableResult
  private func giveUp(_ id: Int) -> Bool {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
        state.givenUp.insert(id)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(returning: false)
    return waiter != nil
  }

  func lateText(_ count: Int, _ nanoseconds: Int64?, _ limit: Duration) -> String {
    let times = state.withLock { $0.sleepers.map(\.nanoseconds) }
    let each = nanoseconds.map { " of \(Duration.nanoseconds($0))" } ?? ""
    let there =
      times.isEmpty ? "none" : times.prefix(8).map { "\(Duration.nanoseconds($0))" }.joined(separator: ", ")
    return
      "VirtualClock.waitForSleepers: \(count) sleepers\(each) did not come within \(limit); asleep are \(times.count): \(there)\n"
  }

  /// How many tasks sleep on it now.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }
}
