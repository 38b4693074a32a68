/// Durations, ages and clock times in few columns.
package enum TimeText {
  /// A latency in at most 6 columns, unit included: `812µs`, `1.2ms`, `41ms`, `3.4s`, `12m`.
  package static func duration(microseconds: Int64) -> String {
    let value = Double(microseconds)
    if value < 0 { return "-" + duration(microseconds: microseconds == .min ? .max : -microseconds) }
    if value < 999.5 { return "\(microseconds)µs" }
    if value < 99_950 { return NumberText.decimal(value / 1e3, 1) + "ms" }
    if value < 999_500 { return "\(Int((value / 1e3).rounded()))ms" }
    if value < 99_950_000 { return NumberText.decimal(value / 1e6, 1) + "s" }
    return age(seconds: Int64((value / 1e6).rounded()))
  }

  package static func duration(microseconds: Int64?) -> String {
    microseconds.map { duration(microseconds: $0) } ?? "–"
  }

  package static func duration(milliseconds: Int64) -> String {
    let (value, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1000)
    if isTooLarge { return "∞" }
    // A whole number of seconds needs no tenths: a window of 60s, not 60.0s.
    if milliseconds >= 1000, milliseconds % 1000 == 0 { return age(seconds: milliseconds / 1000) }
    if milliseconds < 1000, milliseconds >= 0 { return "\(milliseconds)ms" }
    return duration(microseconds: value)
  }

  /// `3s`, `12m`, `5h`, `9d`; below a second `0s`.
  package static func age(seconds: Int64) -> String {
    let seconds = max(0, seconds)
    if seconds < 100 { return "\(seconds)s" }
    if seconds < 100 * 60 { return "\(seconds / 60)m" }
    if seconds < 100 * 3600 { return "\(seconds / 3600)h" }
    return "\(min(seconds / 86400, 99_999))d"
  }

  /// How long before `moment` something was; both in microseconds since the Unix epoch.
  package static func age(of time: Int64, at moment: Int64) -> String {
    let (difference, isTooLarge) = moment.subtractingReportingOverflow(time)
    return isTooLarge ? "–" : age(seconds: difference / 1_000_000)
  }

  /// `12:04:31`, from microseconds since the Unix epoch and the seconds the clock on the wall is ahead of UTC.
  package static func clock(_ microseconds: Int64, offset: Int = 0) -> String {
    let seconds = microseconds.floorDivided(by: 1_000_000)
    let second = ((seconds % 86400) + Int64(offset)).floorModulo(86400)
    return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// `12:04:31.201`.
  package static func preciseClock(_ microseconds: Int64, offset: Int = 0) -> String {
    let milliseconds = microseconds.floorDivided(by: 1000).floorModulo(1000)
    let digits = String(milliseconds)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return clock(microseconds, offset: offset) + ".\(zeros)\(digits)"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    self >= 0 || self % divisor == 0 ? self / divisor : self / divisor - 1
  }

  fileprivate func floorModulo(_ divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder >= 0 ? remainder : remainder + divisor
  }
}
