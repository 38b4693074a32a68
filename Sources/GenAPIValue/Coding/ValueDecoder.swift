/// Makes anything `Decodable` from a `Value`.
///
/// ```swift
/// let numbers = try ValueDecoder().decode([Int].self, from: [1, 2])
/// ```
///
/// Integers are taken from whole doubles too (`1.0`), doubles from integers. Dates, URLs, `Data`, `Decimal` and `Duration` are
/// read as `coding` says; nothing else is converted.
public struct ValueDecoder {
  /// How dates, decimal numbers and durations are read.
  public var coding: ValueCoding

  /// Makes a decoder.
  public init(coding: ValueCoding = ValueCoding()) { self.coding = coding }

  /// - Throws: `DecodingError` with the path to the part that does not fit. What an initialiser throws of its own accord, a
  ///   `DecodingError` aside, is the `underlyingError` of one.
  public func decode<T: Decodable>(_ type: T.Type, from value: Value) throws -> T {
    try ValueSource(value: value, codingPath: [], coding: coding).decode(type)
  }
}

/// A value and where it lies; the decoder a type reads from.
struct ValueSource: Decoder {
  let value: Value
  let codingPath: [any CodingKey]
  let coding: ValueCoding
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if type == Value.self, let value = value as? T { return value }
    if let known = try coding.decode(type, self) { return known }
    guard codingPath.count <= ValueCoding.mostLevels else {
      throw DecodingError.dataCorrupted(
        .init(
          telling: "it nests deeper than \(ValueCoding.mostLevels) levels", at: Array(codingPath.prefix(4))))
    }
    do {
      return try T(from: self)
    } catch let error where !(error is DecodingError) {
      // An initialiser that validates: it does not know where in the whole it stands.
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "it is not valid", underlyingError: error))
    } catch let error as DecodingError {
      throw listingCases(of: type, error)
    }
  }

  /// The error of an enumeration by raw values names the values there are.
  private func listingCases(of type: Any.Type, _ error: DecodingError) -> DecodingError {
    guard case .dataCorrupted(let context) = error, context.codingPath.count == codingPath.count else {
      return error
    }
    guard let type = type as? any CaseIterable.Type, let values = Self.rawValues(type) else {
      // Swift's own words name the type.
      guard type is any RawRepresentable.Type, context.underlyingError == nil,
        context.debugDescription.hasPrefix("Cannot initialize ")
      else { return error }
      return .dataCorrupted(
        .init(telling: "\(value.json(cut: 80)) is none of its values", at: codingPath))
    }
    return .dataCorrupted(
      .init(telling: "it must be one of \(values.joined(separator: ", "))", at: codingPath))
  }

  private static func rawValues<T: CaseIterable>(_ type: T.Type) -> [String]? {
    var values: [String] = []
    for one in T.allCases.prefix(50) {
      guard let raw = (one as? any RawRepresentable)?.rawValue else { return nil }
      values.append("\(raw)")
    }
    return values
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = value.object else { throw mismatch(ValueObject.self, "an object") }
    return KeyedDecodingContainer(
      KeyedValueDecoding<Key>(object: object, codingPath: codingPath, coding: coding))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    // Bytes are what `[UInt8]` would be written as.
    if case .bytes(let bytes) = value {
      return UnkeyedValueDecoding(
        array: bytes.map { .int(Int64($0)) }, codingPath: codingPath, coding: coding)
    }
    guard let array = value.array else { throw mismatch([Value].self, "an array") }
    return UnkeyedValueDecoding(array: array, codingPath: codingPath, coding: coding)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    DecodingError.typeMismatch(
      type,
      .init(telling: "expected \(expected), found \(value.kind)", at: codingPath))
  }

  func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    let digits: String
    if case .wideInteger(let integer) = value {
      if let fitting = T(integer.digits.string) { return fitting }
      digits = integer.digits.string
    } else {
      guard let integer = value.int else { throw mismatch(type, "an integer") }
      if let fitting = T(exactly: integer) { return fitting }
      digits = "\(integer)"
    }
    throw DecodingError.dataCorrupted(
      .init(telling: "it must be \(T.min) to \(T.max), not \(digits)", at: codingPath))
  }
}

extension ValueSource: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value.isNull }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard let bool = value.bool else { throw mismatch(type, "a boolean") }
    return bool
  }

  func decode(_ type: String.Type) throws -> String {
    guard let string = value.string else { throw mismatch(type, "a string") }
    return string.string
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard let double = value.double else { throw mismatch(type, "a number") }
    return double
  }

  func decode(_ type: Float.Type) throws -> Float {
    let double = try decode(Double.self)
    let float = Float(double)
    guard float.isFinite || !double.isFinite else {
      throw DecodingError.dataCorrupted(
        .init(telling: "\(double) is beyond a number of 32 bits", at: codingPath))
    }
    return float
  }

  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
  func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }
}
