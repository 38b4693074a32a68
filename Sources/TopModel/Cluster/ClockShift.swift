import GenAPITelemetry

/// Moves the times of a gateway whose clock is wrong to this machine's clock, so that ages, countdowns and the panes
/// of a past moment are right.
struct ClockShift {
  /// Clocks that differ less are left alone: so much may come from the way.
  static let leastUs: Int64 = 2_000_000
  /// A difference that moved by less is the same: times must not tremble.
  private static let trembleUs: Int64 = 1_000_000

  /// Microseconds to add to the gateway's times; 0 while its clock is right.
  private(set) var us: Int64 = 0

  /// - Parameter skewUs: this clock minus the gateway's.
  mutating func follow(_ skewUs: Int64) {
    let skew = min(max(skewUs, -Bounds.most), Bounds.most)
    guard (skew - us).magnitude > Self.trembleUs else { return }
    us = skew.magnitude < Self.leastUs ? 0 : skew
  }

  func moved(_ time: Int64) -> Int64 { time.saturatingAdd(us) }
}

extension ClockShift: StateEditor {
  /// A time of 0 is none: what was not seen yet stays so.
  mutating func time(_ time: inout Int64) { if time != 0 { time = moved(time) } }
}
