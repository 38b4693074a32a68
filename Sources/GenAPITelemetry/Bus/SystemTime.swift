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

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
