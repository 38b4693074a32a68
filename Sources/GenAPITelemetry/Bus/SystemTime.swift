import Locking

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's clocks.
public struct SystemTime: TimeSource {
  public init() {}

  public func monotonicNanoseconds() -> Int64 { Self.read(CLOCK_MONOTONIC) }

  public func wallMicroseconds() -> Int64 { Self.read(CLOCK_REALTIME) / 1_000 }

  /// Reads one clock and adds the distance to the other, which is measured anew every 50 ms: a wall clock that is
  /// set shows in events that long after.
  public func now() -> TimeReading {
    let monotonic = monotonicNanoseconds()
    if monotonic &- Self.measuredAt.load(ordering: .acquiring) > 50_000_000 { Self.measure(monotonic) }
    let wall = monotonic &+ Self.distance.load(ordering: .relaxed)
    return TimeReading(monotonicNanoseconds: monotonic, wallMicroseconds: wall / 1_000)
  }

  /// From the monotonic clock to the wall clock, nanoseconds.
  private static let distance = Atomic<Int64>(0)
  /// Never, so far.
  private static let measuredAt = Atomic<Int64>(.min / 2)

  private static func measure(_ monotonic: Int64) {
    // Two threads that meet here measure the same; the distance is there before anybody may count on it.
    distance.store(read(CLOCK_REALTIME) - monotonic, ordering: .relaxed)
    measuredAt.store(monotonic, ordering: .releasing)
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
