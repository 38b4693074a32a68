/// One moment on both clocks. Whoever has read the time hands it on, because reading it costs as much as an event.
public struct TimeReading: Sendable, Hashable {
  /// On a clock that never jumps.
  public var monotonicNanoseconds: Int64
  /// Since the Unix epoch.
  public var wallMicroseconds: Int64

  public init(monotonicNanoseconds: Int64, wallMicroseconds: Int64) {
    self.monotonicNanoseconds = monotonicNanoseconds
    self.wallMicroseconds = wallMicroseconds
  }

  /// What the events' `system_time` holds.
  public var wallNanoseconds: Int64 { wallMicroseconds * 1_000 }
}
