import Locking

/// When the monotonic clock was 0, by the wall clock: measured once, and again only when the wall clock was set.
///
/// The two clocks are never read at the very same moment, so each measurement differs by some microseconds. Times that are
/// made with this one do not tremble, and what has not changed looks unchanged.
final class SteadyEpoch: Sendable {
  /// A smaller difference is the way between the two clocks, not a clock that was set; in microseconds.
  private static let tremble: Int64 = 100_000

  /// `Int64.min` before the first measurement.
  private let epoch = Atomic<Int64>(.min)

  /// Microseconds since the Unix epoch.
  ///
  /// - Parameters: both clocks as they are now.
  func microseconds(wallMicroseconds: Int64, monotonicNanoseconds: Int64) -> Int64 {
    let measured = wallMicroseconds - monotonicNanoseconds / 1_000
    let known = epoch.load(ordering: .relaxed)
    if known != .min, (measured - known).magnitude < Self.tremble { return known }
    epoch.store(measured, ordering: .relaxed)
    return measured
  }
}
