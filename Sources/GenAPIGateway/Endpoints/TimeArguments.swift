import GenAPIValue

/// A moment, as an argument of the type datetime gives it: in UTC, in the form of ISO 8601.
public struct DateTime: ArgumentValue, Hashable, Codable, CustomStringConvertible {
  /// `2025-01-15T09:30:00Z`
  public let description: String
  /// Microseconds since the Unix epoch; finer fractions are cut.
  public let microseconds: Int64

  /// - Parameter text: a date and time of ISO 8601 with an offset or Z; nil for anything else.
  public init?(_ text: ByteText) {
    guard let time = DateTimeText(text.string), time.hasOffset else { return nil }
    description = time.utc
    microseconds = time.utcMicroseconds
  }

  static var argumentSpec: ArgumentSpec { ArgumentSpec(.datetime) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let text = value.string, let time = DateTime(text) else {
      throw .mismatch(name, "an ISO 8601 date and time with an offset or Z", value)
    }
    self = time
  }
  var argumentValue: Value { .string(ByteText(description)) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let time = DateTime(try ByteText(container.decode(String.self))) else {
      throw DecodingError.dataCorrupted(
        .init(telling: "not an ISO 8601 date and time with an offset or Z", at: container.codingPath))
    }
    self = time
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// What a clock on the wall showed, as an argument of the type naive_datetime gives it: without an offset.
public struct NaiveDateTime: ArgumentValue, Hashable, Codable, CustomStringConvertible {
  /// `2025-01-15T10:30:00`
  public let description: String

  /// - Parameter text: a date and time of ISO 8601; an offset is ignored. nil for anything else.
  public init?(_ text: ByteText) {
    guard let time = DateTimeText(text.string) else { return nil }
    description = time.local
  }

  static var argumentSpec: ArgumentSpec { ArgumentSpec(.naiveDatetime) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let text = value.string, let time = NaiveDateTime(text) else {
      throw .mismatch(name, "an ISO 8601 date and time", value)
    }
    self = time
  }
  var argumentValue: Value { .string(ByteText(description)) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let time = NaiveDateTime(try ByteText(container.decode(String.self))) else {
      throw DecodingError.dataCorrupted(
        .init(telling: "not an ISO 8601 date and time", at: container.codingPath))
    }
    self = time
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
