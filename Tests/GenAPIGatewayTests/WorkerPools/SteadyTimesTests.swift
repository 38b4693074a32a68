import GenAPITelemetry
import Locking
import Testing

@testable import GenAPIGateway

@Suite("Times that a state shows")
struct SteadyTimesTests {
  @Test("an idle breaker does not look changed because two clocks are read one after the other")
  func idleBreaker() throws {
    let clock = TremblingClock()
    let pool = try WorkerPool(
      name: "async_pool", configuration: WorkerPoolConfiguration(),
      bus: TelemetryBus(node: "test", time: clock),
      clock: clock)
    let first = pool.breakerStates()
    for second in 1...100 as ClosedRange<Int64> {
      clock.set(second * 1_000_000_000)
      #expect(pool.breakerStates() == first)
    }
  }

  @Test("a system that takes the thread away between the two clocks changes no time either")
  func preempted() throws {
    let clock = TremblingClock()
    let epoch = SteadyEpoch()
    let first = epoch.microseconds(by: clock)
    for pauseMs in [20, 200, 2_000, 60_000] as [Int64] {
      clock.pause(milliseconds: pauseMs, readings: 1)
      #expect(epoch.microseconds(by: clock) == first)
      clock.pause(milliseconds: pauseMs, readings: 100)
      #expect(epoch.microseconds(by: clock) == first)
      clock.pause(milliseconds: 0, readings: 0)
    }
  }

  @Test("when the wall clock is set, the times are those of the new one")
  func clockSet() {
    let clock = TremblingClock()
    let epoch = SteadyEpoch()
    let first = epoch.microseconds(by: clock)
    clock.set(2_000_000_000)
    #expect(epoch.microseconds(by: clock) == first)
    clock.setWall(aheadBy: 3_000_000)
    let second = epoch.microseconds(by: clock)
    #expect(abs(second - first - 3_000_000) < 100)
    #expect(epoch.microseconds(by: clock) == second)
  }
}

/// A clock whose two readings are some microseconds apart, each time other ones, or as far as it is told.
private final class TremblingClock: GatewayClock {
  private struct State {
    var monotonic: Int64 = 0
    var reads: Int64 = 0
    var ahead: Int64 = 0
    /// Passes behind each of so many readings of the wall clock.
    var pauseNs: Int64 = 0
    var pauses = 0
  }

  private let state = Mutex(State())

  func set(_ nanoseconds: Int64) { state.withLock { $0.monotonic = nanoseconds } }

  func setWall(aheadBy microseconds: Int64) { state.withLock { $0.ahead = microseconds } }

  func pause(milliseconds: Int64, readings: Int) {
    state.withLock { ($0.pauseNs, $0.pauses) = (milliseconds * 1_000_000, readings) }
  }

  func monotonicNanoseconds() -> Int64 { state.withLock { $0.monotonic } }

  func wallMicroseconds() -> Int64 {
    state.withLock { state in
      state.reads += 1
      if state.pauses > 0 {
        state.pauses -= 1
        state.monotonic += state.pauseNs
      }
      return 1_700_000_000_000_000 + state.ahead + state.monotonic / 1_000 + state.reads * 7 % 50
    }
  }

  func sleep(nanoseconds: Int64) async throws {}
}
