/// A date and time in the form of ISO 8601: `2025-01-15T10:30:00.5+01:00`.
struct DateTimeText {
  private var days: Int64
  private var seconds: Int64
  private var fraction: String
  private var offsetSeconds: Int64?

  var hasOffset: Bool { offsetSeconds != nil }

  /// The date, the clock as written, and no offset.
  var local: String { Self.format(days * 86_400 + seconds, fraction) }

  /// The same moment in UTC.
  var utc: String { Self.format(days * 86_400 + seconds - (offsetSeconds ?? 0), fraction) + "Z" }

  /// The same moment, in microseconds since the Unix epoch.
  var utcMicroseconds: Int64 {
    let digits = (fraction + "000000").prefix(6)
    return (days * 86_400 + seconds - (offsetSeconds ?? 0)) * 1_000_000 + (Int64(digits) ?? 0)
  }

  /// nil when the text is of another form, or no such day or time exists.
  init?(_ text: String) {
    var digits = DigitReader(text)
    guard let year = digits.number(4), digits.take("-"), let month = digits.number(2), digits.take("-"),
      let day = digits.number(2), digits.take("T") || digits.take("t") || digits.take(" "),
      let hour = digits.number(2), digits.take(":"), let minute = digits.number(2), digits.take(":"),
      let second = digits.number(2), (1...12).contains(month), day >= 1, day <= Self.daysIn(month, year),
      hour < 24, minute < 60, second < 60
    else { return nil }
    days = Self.daysSinceEpoch(year, month, day)
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
      _ = digits.take(":")
      guard let minutes = digits.isAtEnd ? 0 : digits.number(2), minutes < 60 else { return nil }
      offsetSeconds = (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }
    guard digits.isAtEnd else { return nil }
  }

  private static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar.
  private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func format(_ total: Int64, _ fraction: String) -> String {
    let days = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
    let time = total - days * 86_400
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func padded(_ value: Int64, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3_600, 2)):"
      + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))" + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}

/// Takes fixed runs of digits and marks off a text.
private struct DigitReader {
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

  mutating func run() -> String {
    var digits = ""
    while let byte = rest.first, (0x30...0x39).contains(byte) {
      digits.unicodeScalars.append(Unicode.Scalar(byte))
      rest.removeFirst()
    }
    return digits
  }
}
