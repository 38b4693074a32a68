import GenAPITelemetry
import GenAPIValue

/// The time a gateway lives in. The system's, or virtual in tests.
public protocol GatewayClock: TimeSource {
  /// Waits at least this long.
  ///
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  func sleep(nanoseconds: Int64) async throws
}

extension GatewayClock {
  /// Waits at least this long; throws when the task is cancelled.
  public func sleep(for time: Duration) async throws { try await sleep(nanoseconds: time.wholeNanoseconds) }

  package func sleep(milliseconds: Int64) async throws {
    try await sleep(nanoseconds: milliseconds.saturatingMultiply(1_000_000))
  }

  /// Microseconds on the monotonic clock.
  public func monotonicMicroseconds() -> Int64 { monotonicNanoseconds() / 1_000 }
}

extension SystemTime: GatewayClock {
  public func sleep(nanoseconds: Int64) async throws { try await Task.sleep(for: .nanoseconds(nanoseconds)) }
}
