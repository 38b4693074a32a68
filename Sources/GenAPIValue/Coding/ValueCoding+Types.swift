#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The types whose own `Codable` form is made for Swift alone: seconds since 2001, an object with a mantissa, two halves.
extension ValueCoding {
  /// nil for every other type.
  @inline(__always)
  func encode<T: Encodable>(_ value: T, path: () -> [any CodingKey]) throws -> Value? {
    if T.self == Date.self { return try encode(value as! Date, path) }
    if T.self == URL.self { return .string(ByteText((value as! URL).absoluteString)) }
    if T.self == Data.self { return .bytes([UInt8](value as! Data)) }
    if T.self == Decimal.self { return encode(value as! Decimal) }
    if T.self == Duration.self { return encode(value as! Duration) }
    return nil
  }

  /// nil for every other type.
  @inline(__always)
  func decode<T: Decodable>(_ type: T.Type, _ source: ValueSource) throws -> T? {
    if T.self == Date.self { return (try date(source) as! T) }
    if T.self == URL.self { return (try url(source) as! T) }
    if T.self == Data.self { return (try data(source) as! T) }
    if T.self == Decimal.self { return (try decimal(source) as! T) }
    if T.self == Duration.self { return (try duration(source) as! T) }
    return nil
  }

  // MARK: Writing

  /// The years 0 to 9999, which the form has, in seconds since 1970.
  private static let writable: Range<Double> = -62_167_219_200..<253_402_300_800

  private func encode(_ date: Date, _ path: () -> [any CodingKey]) throws -> Value {
    let seconds = date.timeIntervalSince1970
    switch dates {
    case .secondsSince1970: return number(seconds)
    case .millisecondsSince1970: return number(seconds * 1_000)
    case .iso8601:
      guard Self.writable.contains(seconds) else {
        // The number, not the date: describing a date that is none ends the process.
        throw EncodingError.invalidValue(
          seconds,
          .init(
            codingPath: path(), debugDescription: "the year of \(seconds) s since 1970 has no four digits"))
      }
      return .string(ByteText(DateTimeText.utc(microseconds: Int64((seconds * 1_000_000).rounded()))))
    }
  }

  private func encode(_ decimal: Decimal) -> Value {
    // As a double that is no number is null in JSON.
    if decimal.isNaN { return .null }
    switch decimals {
    case .text: return .string(ByteText("\(decimal)"))
    case .number: return (try? Value(json: "\(decimal)")) ?? .null
    }
  }

  private func encode(_ duration: Duration) -> Value {
    let (whole, rest) = duration.attoseconds.quotientAndRemainder(dividingBy: attosecondsOfUnit)
    guard rest == 0 else { return .double(Double(whole) + Double(rest) / Double(attosecondsOfUnit)) }
    if let fitting = Int64(exactly: whole) { return .int(fitting) }
    return WideInteger("\(whole)").map(Value.wideInteger) ?? .null
  }

  private var attosecondsOfUnit: Int128 {
    switch durations {
    case .milliseconds: 1_000_000_000_000_000
    case .seconds: 1_000_000_000_000_000_000
    }
  }

  /// A whole number as an integer.
  private func number(_ double: Double) -> Value { Int64(exactly: double).map(Value.int) ?? .double(double) }

  // MARK: Reading

  private func date(_ source: ValueSource) throws -> Date {
    if let text = source.value.string {
      guard let time = DateTimeText(text.string), time.hasOffset else {
        throw source.corrupted("an ISO 8601 date and time with an offset or Z")
      }
      let seconds = Double(time.utcMicroseconds) / 1_000_000
      // What could not be written again. The last microseconds of the last second are no doubles.
      guard time.utcMicroseconds >= Int64(Self.writable.lowerBound) * 1_000_000 else {
        throw source.corrupted("a date and time of the years 0000 to 9999")
      }
      return Date(timeIntervalSince1970: min(seconds, Self.writable.upperBound.nextDown))
    }
    switch dates {
    case .iso8601: throw source.mismatch(Date.self, "an ISO 8601 date and time")
    case .secondsSince1970: return Date(timeIntervalSince1970: try source.decode(Double.self))
    case .millisecondsSince1970: return Date(timeIntervalSince1970: try source.decode(Double.self) / 1_000)
    }
  }

  private func url(_ source: ValueSource) throws -> URL {
    guard let url = URL(string: try source.decode(String.self)) else { throw source.corrupted("a URL") }
    return url
  }

  private func data(_ source: ValueSource) throws -> Data {
    if case .bytes(let bytes) = source.value { return Data(bytes) }
    guard let bytes = Base64.decode(try source.decode(String.self)) else {
      throw source.corrupted("bytes in Base64")
    }
    return Data(bytes)
  }

  private func decimal(_ source: ValueSource) throws -> Decimal {
    let digits: String
    switch source.value {
    case .string(let text): digits = text.string
    case .int, .wideInteger, .double: digits = source.value.json
    default: throw source.mismatch(Decimal.self, "a decimal number, as text or number")
    }
    // Foundation takes what it can read of a text, such as 12 of 12ab; a reader of JSON passes over blanks.
    guard digits.utf8.count <= 200, !digits.utf8.contains(where: { $0 <= UInt8(ascii: " ") }),
      (try? Value(json: digits))?.double != nil
    else {
      throw source.corrupted("a decimal number")
    }
    guard let decimal = Decimal(string: digits), decimal.isFinite,
      DecimalDigits(digits) == DecimalDigits("\(decimal)")
    else { throw source.corrupted("a decimal number of at most 38 digits") }
    return decimal
  }

  private func duration(_ source: ValueSource) throws -> Duration {
    // What an Int64 of seconds holds.
    let tooLong = source.corrupted("a shorter time")
    switch source.value {
    case .int, .wideInteger:
      guard let amount = Int128(source.value.json) else { throw tooLong }
      let (attoseconds, isTooLong) = amount.multipliedReportingOverflow(by: attosecondsOfUnit)
      guard !isTooLong, Int64(exactly: attoseconds / 1_000_000_000_000_000_000) != nil else { throw tooLong }
      return Duration(attoseconds: attoseconds)
    default:
      let seconds = try source.decode(Double.self) / (durations == .milliseconds ? 1_000 : 1)
      guard seconds.magnitude < 9e18 else { throw tooLong }
      return .seconds(seconds)
    }
  }
}

extension ValueSource {
  fileprivate func corrupted(_ expected: String) -> DecodingError {
    .dataCorrupted(.init(telling: "it must be \(expected)", at: codingPath))
  }
}
