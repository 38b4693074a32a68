/// Turns anything `Encodable` into a `Value`.
///
/// ```swift
/// let value = try ValueEncoder().encode(["a": [1, 2]])  // {"a": [1, 2]}
/// ```
///
/// An optional that is nil is left out of objects, as synthesized conformances do; in arrays it is null. Dates, URLs, `Data`,
/// `Decimal` and `Duration` are written as `coding` says. A `Double` that is no number or infinite stays one, and is null as soon
/// as it is JSON, which has no form for it, as in JavaScript.
public struct ValueEncoder {
  /// How dates, decimal numbers and durations are written.
  public var coding: ValueCoding

  /// Makes an encoder.
  public init(coding: ValueCoding = ValueCoding()) { self.coding = coding }

  /// - Throws: what the type itself throws, or `EncodingError` for a date that no text of ISO 8601 has, and for what nests deeper
  ///   than `ValueCoding.mostLevels`.
  public func encode(_ value: some Encodable) throws -> Value {
    try Self.box(value, path: [], coding, level: 0)
  }

  static func box<T: Encodable>(
    _ value: T, path: @autoclosure () -> [any CodingKey], _ coding: ValueCoding,
    level: Int
  )
    throws -> Value
  {
    if T.self == Value.self, let value = value as? Value { return value }
    if let value = try coding.encode(value, path: path) { return value }
    guard level <= ValueCoding.mostLevels else {
      // The type, not the value: describing what is too deep would end the process, too.
      throw EncodingError.invalidValue(
        T.self,
        .init(
          codingPath: Array(path().prefix(4)),
          debugDescription: "it nests deeper than \(ValueCoding.mostLevels) levels"))
    }
    let storage = EncodingStorage(path: path(), coding: coding, level: level)
    try value.encode(to: storage)
    return storage.value
  }
}
