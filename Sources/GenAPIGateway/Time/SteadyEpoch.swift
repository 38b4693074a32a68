import Locking

/// When the monotonic clock was 0, by the wall clock: measured once, and again only when the wall clock was set.
///
/// The two clocks are never read at the very same moment, so each measurement differs by some microseconds, and by far more
/// when the system takes the thread away between the readings. Times that are made with this one do not tremble, and what
/// has not changed looks unchanged.
final class SteadyEpoch: Sendable {
  /// A smaller difference is the way between the two clocks, not a clock that was set; in microseconds.
  private static let tremble: Int64 = 100_000
  /// Readings of the wall clock that took longer say too little.
  private static let longestReadingNs: Int64 = 10_000_000
  private static let attempts = 3

  /// `Int64.min` before the first measurement.
  private let epoch = Atomic<Int64>(.min)

  /// Microseconds since the Unix epoch.
  func microseconds(by clock: some GatewayClock) -> Int64 {
    let known = epoch.load(ordering: .relaxed)
    for attempt in 1...Self.attempts {
      let before = clock.monotonicNanoseconds()
      let wall = clock.wallMicroseconds()
      let isShort = clock.monotonicNanoseconds() &- before <= Self.longestReadingNs
      guard isShort || (known == .min && attempt == Self.attempts) else { continue }
      let measured = wall - before / 1_000
      if known != .min, (measured - known).magnitude < Self.tremble { return known }
      epoch.store(measured, ordering: .relaxed)
      return measured
    }
    return known
  }
}
