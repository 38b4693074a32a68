import GenAPIValue

/// Gives made-up values, and takes down what was asked for.
struct ShapeDecoder: Decoder {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    recorder.isObject = true
    return KeyedDecodingContainer(ShapeObject<Key>(recorder: recorder, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer {
    ShapeList(recorder: recorder, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    ShapeValue(recorder: recorder, codingPath: codingPath)
  }

  /// A made-up value of a type, and how it is declared.
  static func example<T: Decodable>(_ type: T.Type, path: [any CodingKey], depth: Int) throws
    -> (T, ArgumentSpec)
  {
    if let known = knownSpec(type), let value = try? ValueDecoder().decode(type, from: known.type.example) {
      return (value, known)
    }
    guard depth < 8 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "the type nests more than 8 levels"))
    }
    let recorder = ShapeRecorder(depth: depth + 1)
    let value = try T(from: ShapeDecoder(recorder: recorder, codingPath: path))
    return (value, recorder.spec)
  }
}

struct ShapeObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  /// Every field is there, so that all are asked for.
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let (value, spec) = try ShapeDecoder.example(type, path: codingPath + [key], depth: recorder.depth)
    recorder.add(ByteText(key.stringValue), spec)
    return value
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    var (value, spec) = try ShapeDecoder.example(type, path: codingPath + [key], depth: recorder.depth)
    spec.allowsNil = true
    recorder.add(ByteText(key.stringValue), spec)
    return value
  }

  func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { optional("", key) }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { optional(false, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { optional(0, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { optional(0, key) }

  private func optional<T: ArgumentValue>(_ value: T, _ key: Key) -> T? {
    var spec = T.argumentSpec
    spec.allowsNil = true
    recorder.add(ByteText(key.stringValue), spec)
    return value
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedDecodingContainer<Nested>
  {
    recorder.add(ByteText(key.stringValue), ArgumentSpec(.any))
    let inner = ShapeRecorder(depth: recorder.depth + 1)
    return KeyedDecodingContainer(ShapeObject<Nested>(recorder: inner, codingPath: codingPath + [key]))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
    recorder.add(ByteText(key.stringValue), ArgumentSpec(.any))
    return ShapeList(recorder: ShapeRecorder(depth: recorder.depth + 1), codingPath: codingPath + [key])
  }

  func superDecoder() -> any Decoder { ShapeDecoder(recorder: recorder, codingPath: codingPath) }
  func superDecoder(forKey key: Key) -> any Decoder { superDecoder() }
}

/// A list of one item, so that the item's type is asked for.
struct ShapeList: UnkeyedDecodingContainer {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  var count: Int? { 1 }
  var currentIndex = 0
  var isAtEnd: Bool { currentIndex >= 1 }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    let (value, spec) = try ShapeDecoder.example(type, path: codingPath, depth: recorder.depth)
    recorder.single = spec.list
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type)
    -> KeyedDecodingContainer<Nested>
  {
    currentIndex += 1
    let inner = ShapeRecorder(depth: recorder.depth + 1)
    return KeyedDecodingContainer(ShapeObject<Nested>(recorder: inner, codingPath: codingPath))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
    currentIndex += 1
    return ShapeList(recorder: ShapeRecorder(depth: recorder.depth + 1), codingPath: codingPath)
  }

  mutating func superDecoder() -> any Decoder {
    currentIndex += 1
    return ShapeDecoder(recorder: recorder, codingPath: codingPath)
  }
}

struct ShapeValue: SingleValueDecodingContainer {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let (value, spec) = try ShapeDecoder.example(type, path: codingPath, depth: recorder.depth)
    recorder.single = spec
    return value
  }
}

extension ArgumentSpec {
  /// The declaration of a list of these.
  fileprivate var list: ArgumentSpec {
    switch type {
    case .string: ArgumentSpec(.listString)
    case .num: ArgumentSpec(.listNum, isWhole: isWhole)
    case .uuid: ArgumentSpec(.listUUID)
    case .map: ArgumentSpec(.listMap)
    case .boolean: ArgumentSpec(.list)
    default: ArgumentSpec(.any)
    }
  }
}

extension ArgumentType {
  /// A value that passes.
  var example: Value {
    switch self {
    case .string: ""
    case .num: 0
    case .boolean: false
    case .datetime: "1970-01-01T00:00:00Z"
    case .naiveDatetime: "1970-01-01T00:00:00"
    case .uuid: "00000000-0000-4000-8000-000000000000"
    case .any: .null
    case .map: [:]
    case .list, .listString, .listNum, .listUUID, .listMap: []
    }
  }
}
