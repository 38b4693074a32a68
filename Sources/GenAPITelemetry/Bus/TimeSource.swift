/// Where times come from: the system, or a test's own hands.
public protocol TimeSource: Sendable {
  /// Nanoseconds on a clock that never jumps; its zero means nothing.
  func monotonicNanoseconds() -> Int64
  /// Microseconds since the Unix epoch.
  func wallMicroseconds() -> Int64
  /// Both at once.
  func now() -> TimeReading
}

extension TimeSource {
  public func now() -> TimeReading {
    TimeReading(monotonicNanoseconds: monotonicNanoseconds(), wallMicroseconds: wallMicroseconds())
  }
}
