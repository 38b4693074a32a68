/// Turns anything `Encodable` into a `Value`.
///
/// ```swift
/// let value = try ValueEncoder().encode(["a": [1, 2]])  // {"a": [1, 2]}
/// ```
///
/// An optional that is nil is left out of objects, as synthesized conformances do; in arrays it is null.
public struct ValueEncoder {
  public init() {}

  /// - Throws: `EncodingError` for an integer above 64 signed bits, or what the type itself throws.
  public func encode(_ value: some Encodable) throws -> Value {
    try Self.box(value, path: [])
  }

  static func box<T: Encodable>(_ value: T, path: [any CodingKey]) throws -> Value {
    if T.self == Value.self, let value = value as? Value { return value }
    let storage = EncodingStorage(path: path)
    try value.encode(to: storage)
    return storage.value
  }
}
