/// A date and time in the form of ISO 8601: `2025-01-15T10:30:00.5+01:00`.
package struct DateTimeText {
  private var days: Int64
  private var seconds: Int64
  private var fraction: String
  private var offsetSeconds: Int64?

  package var hasOffset: Bool { offsetSeconds != nil }

  /// The date, the clock as written, and no offset.
  package var local: String { Self.format(days * 86_400 + seconds, fraction) }

  /// The same moment in UTC.
  package var utc: String { Self.format(days * 86_400 + seconds - (offsetSeconds ?? 0), fraction) + "Z" }

  /// A day, a clock and a fraction of a second, one by one.
  package struct Parts {
    package var date: CivilDate
    /// Since midnight.
    package var second: Int64
    /// Finer fractions are cut.
    package var microsecond: Int64
    /// How many digits the fraction has, at most 6.
    package var precision: Int
  }

  package var localParts: Parts { parts(days * 86_400 + seconds) }
  package var utcParts: Parts { parts(days * 86_400 + seconds - (offsetSeconds ?? 0)) }

  private func parts(_ seconds: Int64) -> Parts {
    let day = floorDivide(seconds, 86_400)
    return Parts(
      date: CivilDate(daysSinceEpoch: day), second: seconds - day * 86_400,
      microsecond: Int64((fraction + "000000").prefix(6)) ?? 0, precision: min(fraction.utf8.count, 6))
  }

  /// The same moment, in microseconds since the Unix epoch.
  package var utcMicroseconds: Int64 {
    let digits = (fraction + "000000").prefix(6)
    return (days * 86_400 + seconds - (offsetSeconds ?? 0)) * 1_000_000 + (Int64(digits) ?? 0)
  }

  /// nil when the text is of another form, or no such day or time exists.
  package init?(_ text: String) {
    var digits = DigitReader(text)
    guard let date = digits.date(), digits.take("T") || digits.take("t") || digits.take(" "),
      let hour = digits.number(2), digits.take(":"), let minute = digits.number(2), digits.take(":"),
      let second = digits.number(2), hour < 24, minute < 60, second < 60
    else { return nil }
    days = date.daysSinceEpoch
    seconds = hour * 3_600 + minute * 60 + second
    fraction = ""
    if digits.take(".") || digits.take(",") {
      fraction = digits.run()
      guard (1...9).contains(fraction.count) else { return nil }
    }
    if digits.take("Z") || digits.take("z") {
      offsetSeconds = 0
    } else if !digits.isAtEnd {
      let isNegative = digits.take("-")
      guard isNegative || digits.take("+"), let hours = digits.number(2), hours < 24 else { return nil }
      // `+01` may end here; `+01:` may not.
      let isWhole = !digits.take(":") && digits.isAtEnd
      guard let minutes = isWhole ? 0 : digits.number(2), minutes < 60 else { return nil }
      offsetSeconds = (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }
    // In UTC, too, a year has four digits.
    guard digits.isAtEnd, (-9_999...9_999).contains(utcParts.date.year) else { return nil }
  }

  /// A moment in UTC to the microsecond, without the zeros at its end: `2025-01-15T09:30:00.5Z`.
  static func utc(microseconds: Int64) -> String {
    let seconds = floorDivide(microseconds, 1_000_000)
    var fraction = padded(microseconds - seconds * 1_000_000, 6)
    while fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
    return format(seconds, fraction) + "Z"
  }

  /// Date and clock to the second, without a zone: `2026-03-01T09:05:00`.
  package static func second(_ secondsSinceEpoch: Int64) -> String {
    let day = floorDivide(secondsSinceEpoch, 86_400)
    let time = secondsSinceEpoch - day * 86_400
    let date = CivilDate(daysSinceEpoch: day)
    return Self.day(year: date.year, month: date.month, day: date.day)
      + "T\(padded(time / 3_600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
  }

  /// `2026-03-01`; years before 0 have their sign: `-0044-03-15`.
  package static func day(year: Int64, month: Int64, day: Int64) -> String {
    "\(year < 0 ? "-" : "")\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  package static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func format(_ seconds: Int64, _ fraction: String) -> String {
    Self.second(seconds) + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}

/// Takes fixed runs of digits and marks off a text.
struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ count: Int) -> Int64? {
    guard rest.count >= count else { return nil }
    var value: Int64 = 0
    for _ in 0..<count {
      let byte = rest.removeFirst()
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  /// A day with a year of four digits, and a sign or none before it; nil when there is no such day.
  mutating func date() -> CivilDate? {
    let isNegative = take("-")
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else {
      return nil
    }
    return CivilDate(year: isNegative ? -year : year, month: month, day: day)
  }

  mutating func run() -> String {
    var digits = ""
    while let byte = rest.first, (0x30...0x39).contains(byte) {
      digits.unicodeScalars.append(Unicode.Scalar(byte))
      rest.removeFirst()
    }
    return digits
  }
}
