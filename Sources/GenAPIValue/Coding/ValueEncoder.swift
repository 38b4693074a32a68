/// Turns anything `Encodable` into a `Value`.
public struct ValueEncoder {
  public init() {}

  /// - Throws: `EncodingError` for a number that does not fit, or what the type itself throws.
  public func encode(_ value: some Encodable) throws -> Value {
    try Self.box(value, path: [])
  }

  static func box(_ value: some Encodable, path: [any CodingKey]) throws -> Value {
    if let value = value as? Value { return value }
    let storage = EncodingStorage(path: path)
    try value.encode(to: storage)
    return storage.value
  }
}

/// The encoder a value writes into: one per value, holding what has been written.
final class EncodingStorage: Encoder {
  enum Content {
    case none
    case single(Value)
    case object(ValueObject)
    case array([Value])
  }

  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  var content: Content = .none
  /// Nested containers fill their own storage; they are read when all has been written.
  var nested: [(key: String?, storage: EncodingStorage)] = []

  init(path: [any CodingKey]) { codingPath = path }

  var value: Value {
    switch content {
    case .none: return .object([:])
    case .single(let value): return value
    case .object(var object):
      for (key, storage) in nested { object[key ?? ""] = storage.value }
      return .object(object)
    case .array(var array):
      for (key, storage) in nested { array[Int(key ?? "") ?? 0] = storage.value }
      return .array(array)
    }
  }

  func set(_ value: Value, key: String) {
    guard case .object(var object) = content else { return }
    content = .none
    object[key] = value
    content = .object(object)
  }

  func append(_ value: Value) {
    guard case .array(var array) = content else { return }
    content = .none
    array.append(value)
    content = .array(array)
  }

  var count: Int { if case .array(let array) = content { array.count } else { 0 } }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = content {} else { content = .object([:]) }
    return KeyedEncodingContainer(KeyedValueEncoding<Key>(storage: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .array = content {} else { content = .array([]) }
    return UnkeyedValueEncoding(storage: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValueEncoding(storage: self) }

  func integer(_ value: some BinaryInteger) throws -> Value {
    guard let fitting = Int64(exactly: value) else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "\(value) does not fit a 64-bit integer"))
    }
    return .int(fitting)
  }
}
