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

  @Test("when the wall clock is set, the times are those of the new one")
  func clockSet() {
    let epoch = SteadyEpoch()
    #expect(epoch.microseconds(wallMicroseconds: 5_000_000, monotonicNanoseconds: 1_000_000_000) == 4_000_000)
    #expect(epoch.microseconds(wallMicroseconds: 6_000_900, monotonicNanoseconds: 2_000_000_000) == 4_000_000)
    #expect(epoch.microseconds(wallMicroseconds: 9_000_000, monotonicNanoseconds: 2_000_000_000) == 7_000_000)
    #expect(epoch.microseconds(wallMicroseconds: 9_000_100, monotonicNanoseconds: 2_000_000_000) == 7_000_000)
  }
}

/// A clock whose two readings are some microseconds apart, each time other ones.
private final class TremblingClock: GatewayClock {
  private let time = Mutex<(monotonic: Int64, reads: Int64)>((0, 0))

  func set(_ nanoseconds: Int64) { time.withLock { $0.monotonic = nanoseconds } }

  func monotonicNanoseconds() -> Int64 { time.withLock { $0.monotonic } }

  func wallMicroseconds() -> Int64 {
    time.withLock { time in
      time.reads += 1
      return 1_700_000_000_000_000 + time.monotonic / 1_000 + time.reads * 7 % 50
    }
  }

  func sleep(nanoseconds: Int64) async throws {}
}
