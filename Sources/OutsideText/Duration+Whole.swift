/// Times that a program's author states, as the whole numbers that running code reckons with. What 64 bits cannot hold is
/// their end.
extension Duration {
  /// Milliseconds, rounded away from 0, so that a time above 0 stays above 0.
  package var wholeMilliseconds: Int64 { whole(1_000) }
  /// Seconds, rounded in the same way.
  package var wholeSeconds: Int64 { whole(1) }
  /// Nanoseconds, rounded in the same way.
  package var wholeNanoseconds: Int64 { whole(1_000_000_000) }

  private func whole(_ perSecond: Int64) -> Int64 {
    // Beyond these `components` would trap.
    if self >= .seconds(Int64.max) { return .max }
    if self <= .seconds(Int64.min) { return .min }
    let (seconds, attoseconds) = components
    let (whole, rest) = attoseconds.quotientAndRemainder(dividingBy: Self.attosecondsOfSecond / perSecond)
    return seconds.saturatingMultiply(perSecond).saturatingAdd(whole).saturatingAdd(rest.signum())
  }

  private static let attosecondsOfSecond: Int64 = 1_000_000_000_000_000_000

  /// The same for a task to sleep: what is longer than a hundred years is as long as those, as the end of an endless sleep cannot be
  /// written as an `Int64` of seconds, which ends the process.
  package var sleepable: Duration {
    min(max(self, .seconds(-Self.longestSleep)), .seconds(Self.longestSleep))
  }

  private static let longestSleep = 100 * 366 * 86_400

  /// In the largest unit that leaves no fraction: `1500 ms`, `30 s`, `5 min`, `24 h`.
  package var shown: String {
    let milliseconds = wholeMilliseconds
    // What 64 bits of milliseconds cannot hold, or what an endless time was made into.
    guard milliseconds != .max else { return "more than can be counted" }
    guard milliseconds != .min else { return "less than can be counted" }
    guard self == .milliseconds(milliseconds) else { return "\(self)" }
    for (unit, name) in [(3_600_000, "h"), (60_000, "min"), (1_000, "s")] as [(Int64, String)]
    where milliseconds != 0 && milliseconds % unit == 0 {
      return "\(milliseconds / unit) \(name)"
    }
    return "\(milliseconds) ms"
  }
}

extension ClosedRange<Duration> {
  /// What a time may be: `100 ms to 24 h`.
  package var shown: String { "\(lowerBound.shown) to \(upperBound.shown)" }
}
