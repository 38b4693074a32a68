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
      let second = digits.number(2), let date = CivilDate(year: year, month: month, day: day), hour < 24,
      minute < 60, second < 60
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
      _ = digits.take(":")
      guard let minutes = digits.isAtEnd ? 0 : digits.number(2), minutes < 60 else { return nil }
      offsetSeconds = (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }
    guard digits.isAtEnd else { return nil }
  }

  private static func format(_ seconds: Int64, _ fraction: String) -> String {
    ISO8601Timestamp.second(seconds) + (fraction.isEmpty ? "" : ".\(fraction)")
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
