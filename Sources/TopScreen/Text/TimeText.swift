/// Durations, ages and clock times in few columns.
package enum TimeText {
  /// A latency in at most 6 columns, unit included: `812µs`, `1.2ms`, `41ms`, `3.4s`, `1m55s`.
  package static func duration(microseconds: Int64) -> String {
    let value = Double(microseconds)
    if value < 0 { return "-" + duration(microseconds: microseconds == .min ? .max : -microseconds) }
    if value < 999.5 { return "\(microseconds)µs" }
    if value < 99_950 { return NumberText.decimal(value / 1e3, 1) + "ms" }
    if value < 999_500 { return "\(Int((value / 1e3).rounded()))ms" }
    if value < 99_950_000 { return NumberText.decimal(value / 1e6, 1) + "s" }
    return span(seconds: Int64((value / 1e6).rounded()))
  }

  package static func duration(microseconds: Int64?) -> String {
    microseconds.map { duration(microseconds: $0) } ?? "–"
  }

  package static func duration(milliseconds: Int64) -> String {
    let (value, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1000)
    if isTooLarge { return "∞" }
    // A whole number of seconds needs no tenths: a window of 60s, not 60.0s.
    if milliseconds >= 1000, milliseconds % 1000 == 0 { return span(seconds: milliseconds / 1000) }
    if milliseconds < 1000, milliseconds >= 0 { return "\(milliseconds)ms" }
    return duration(microseconds: value)
  }

  /// A length of time in at most 6 columns that is not rounded to its largest unit: `41s`, `1m55s`, `2m`, `1h40m`, `9d`.
  package static func span(seconds: Int64) -> String {
    let seconds = max(0, seconds)
    if seconds < 100 { return "\(seconds)s" }
    if seconds < 100 * 60 { return "\(seconds / 60)m" + (seconds % 60 > 0 ? "\(seconds % 60)s" : "") }
    guard seconds < 100 * 3600 else { return age(seconds: seconds) }
    let minutes = seconds / 60 % 60
    return "\(seconds / 3600)h" + (minutes > 0 ? "\(minutes)m" : "")
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

  /// `12:04:31`, from microseconds since the Unix epoch and the seconds the clock on the wall was ahead of UTC then.
  package static func clock(_ microseconds: Int64, offset: ClockOffset = 0) -> String {
    let seconds = microseconds.floorDivided(by: 1_000_000)
    let second = ((seconds % 86400) + Int64(offset.seconds(at: microseconds))).floorModulo(86400)
    return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// `2026-03-14 12:04:31`, as `clock`.
  package static func date(_ microseconds: Int64, offset: ClockOffset = 0) -> String {
    let ahead = Int64(offset.seconds(at: microseconds))
    let seconds = microseconds.floorDivided(by: 1_000_000).addingReportingOverflow(ahead).partialValue
    // Days since 0000-03-01 in eras of 400 years, so that the day that comes and goes is a year's last.
    let days = seconds.floorDivided(by: 86400) + 719_468
    let dayOfEra = days.floorModulo(146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = days.floorDivided(by: 146_097) * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return "\(year)-\(two(month))-\(two(day)) " + clock(microseconds, offset: offset)
  }

  /// `12:04:31.201`.
  package static func preciseClock(_ microseconds: Int64, offset: ClockOffset = 0) -> String {
    let milliseconds = microseconds.floorDivided(by: 1000).floorModulo(1000)
    let digits = String(milliseconds)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return clock(microseconds, offset: offset) + ".\(zeros)\(digits)"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}

extension Int64 {
  func floorDivided(by divisor: Int64) -> Int64 {
    self >= 0 || self % divisor == 0 ? self / divisor : self / divisor - 1
  }

  fileprivate func floorModulo(_ divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder >= 0 ? remainder : remainder + divisor
  }
}

extension TimeText {
  /// `certificate expired`, `certificate ends in 3d`.
  static func certificate(secondsLeft left: Int64) -> String {
    left <= 0 ? "certificate expired" : "certificate ends in \(age(seconds: left))"
  }
}
