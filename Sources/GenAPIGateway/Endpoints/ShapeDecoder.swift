import GenAPIValue

/// Gives made-up values, or those of an example, and takes down what was asked for.
struct ShapeDecoder: Decoder {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  /// What stands here in the example.
  let example: Value?
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// A type may be decoded so often before it is given up; the last time its lists are empty.
  private static let attempts = KnownShape.texts.count + 1

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    recorder.isObject = true
    return KeyedDecodingContainer(
      ShapeObject<Key>(recorder: recorder, codingPath: codingPath, example: example?.object))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer {
    recorder.isList = true
    return ShapeList(recorder: recorder, codingPath: codingPath, example: example?.array?.first)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    recorder.isSingle = true
    return ShapeValue(recorder: recorder, codingPath: codingPath, example: example)
  }

  /// A value of a type, and how it is declared.
  struct Probe<T> {
    /// nil when the type refuses all that was tried.
    var value: T?
    var spec: ArgumentSpec
    /// It is read as an object or a list, and as nothing else.
    var isObject = false

    func required(_ path: [any CodingKey]) throws -> T {
      if let value { return value }
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "no value of \(T.self) can be made up"))
    }
  }

  static func probe<T: Decodable>(
    _ type: T.Type, path: [any CodingKey], depth: Int, attempt: Int = 0, example: Value?
  ) -> Probe<T> {
    if let known = KnownShape(type, attempt: attempt) {
      let value = try? ValueDecoder().decode(type, from: example ?? known.example)
      return Probe(value: value, spec: known.spec)
    }
    // A type that nests itself without end.
    guard depth < 8 else { return Probe(value: nil, spec: ArgumentSpec(.any)) }
    let recorder = ShapeRecorder(depth: depth + 1)
    var value = try? T(from: ShapeDecoder(recorder: recorder, codingPath: path, example: example))
    if value == nil, !recorder.isObject || recorder.hasAnyKeys { value = anyCase(of: type) }
    var next = 1
    // What fails as an object has a field that was tried in every way already.
    while value == nil, !recorder.isObject, next < attempts {
      let again = ShapeRecorder(depth: depth + 1, attempt: next)
      value = try? T(from: ShapeDecoder(recorder: again, codingPath: path, example: nil))
      next += 1
    }
    var spec = recorder.spec
    if type is any CaseIterable.Type { spec.cases = ArgumentCases.only(of: type) }
    return Probe(value: value, spec: spec, isObject: recorder.isNeverText)
  }

  /// The first case of an enumeration, whose raw values nobody can guess.
  private static func anyCase<T>(of type: T.Type) -> T? {
    if let type = type as? any CaseIterable.Type { return first(of: type) as? T }
    // One of raw values has no payload: up to 256 cases are one byte, in which the first is 0. It is only ever let go of.
    guard type is any RawRepresentable.Type, _isPOD(type), MemoryLayout<T>.size == 1 else { return nil }
    return withUnsafeTemporaryAllocation(of: T.self, capacity: 1) { memory in
      UnsafeMutableRawBufferPointer(memory).storeBytes(of: 0, as: UInt8.self)
      return memory[0]
    }
  }

  private static func first<T: CaseIterable>(of type: T.Type) -> Any? { type.allCases.first }

  /// The attempt with empty lists.
  static let lastAttempt = attempts - 1
}

struct ShapeObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  let example: ValueObject?

  /// Every field is there, so that all are asked for; which these are nobody knows without an example.
  var allKeys: [Key] {
    recorder.hasAnyKeys = true
    return example?.keys.compactMap { Key(stringValue: $0.string) } ?? []
  }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  private func given(_ key: Key) -> Value? {
    guard let value = example?[ByteText(key.stringValue)], !value.isNull else { return nil }
    return value
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try required(type, key) }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try required(type, key) }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try required(type, key) }

  private func required<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T {
    let path = codingPath + [key]
    let probe = ShapeDecoder.probe(
      type, path: path, depth: recorder.depth, attempt: recorder.attempt, example: given(key))
    recorder.add(ByteText(key.stringValue), probe.spec, isObject: probe.isObject)
    return try probe.required(path)
  }

  private func optional<T: Decodable>(_ type: T.Type, _ key: Key) -> T? {
    var probe = ShapeDecoder.probe(
      type, path: codingPath + [key], depth: recorder.depth, attempt: recorder.attempt, example: given(key))
    probe.spec.allowsNil = true
    recorder.add(ByteText(key.stringValue), probe.spec, isObject: probe.isObject)
    return probe.value
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) -> T? { optional(type, key) }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { optional(type, key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { optional(type, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { optional(type, key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { optional(type, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { optional(type, key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { optional(type, key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { optional(type, key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { optional(type, key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { optional(type, key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { optional(type, key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { optional(type, key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { optional(type, key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { optional(type, key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { optional(type, key) }
  func decodeIfPresent(_ type: Int128.Type, forKey key: Key) -> Int128? { optional(type, key) }
  func decodeIfPresent(_ type: UInt128.Type, forKey key: Key) -> UInt128? { optional(type, key) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedDecodingContainer<Nested>
  {
    recorder.add(ByteText(key.stringValue), ArgumentSpec(.any))
    let inner = ShapeRecorder(depth: recorder.depth + 1)
    return KeyedDecodingContainer(
      ShapeObject<Nested>(recorder: inner, codingPath: codingPath + [key], example: given(key)?.object))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
    recorder.add(ByteText(key.stringValue), ArgumentSpec(.any))
    return ShapeList(
      recorder: ShapeRecorder(depth: recorder.depth + 1), codingPath: codingPath + [key],
      example: given(key)?.array?.first)
  }

  func superDecoder() -> any Decoder {
    ShapeDecoder(recorder: recorder, codingPath: codingPath, example: example.map(Value.object))
  }
  func superDecoder(forKey key: Key) -> any Decoder { superDecoder() }
}

/// A list of one item, so that the item's type is asked for.
struct ShapeList: UnkeyedDecodingContainer {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  let example: Value?
  var currentIndex = 0

  init(recorder: ShapeRecorder, codingPath: [any CodingKey], example: Value?) {
    self.recorder = recorder
    self.codingPath = codingPath
    self.example = example
  }

  var count: Int? { recorder.attempt == ShapeDecoder.lastAttempt ? 0 : 1 }
  var isAtEnd: Bool { currentIndex >= count! }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try required(type) }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try required(type) }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try required(type) }

  private mutating func required<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    let probe = ShapeDecoder.probe(
      type, path: codingPath, depth: recorder.depth, attempt: recorder.attempt, example: example)
    var list = probe.spec.list
    // A list of any values has no other word for it.
    list.cases = probe.spec.type == .boolean ? CaseValues(values: [false, true]) : probe.spec.cases
    if type is any WrappingType.Type, list.type.isList { list.allowsNilItems = true }
    recorder.single = list
    return try probe.required(codingPath)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type)
    -> KeyedDecodingContainer<Nested>
  {
    currentIndex += 1
    let inner = ShapeRecorder(depth: recorder.depth + 1)
    return KeyedDecodingContainer(
      ShapeObject<Nested>(recorder: inner, codingPath: codingPath, example: example?.object))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
    currentIndex += 1
    return ShapeList(
      recorder: ShapeRecorder(depth: recorder.depth + 1), codingPath: codingPath,
      example: example?.array?.first)
  }

  mutating func superDecoder() -> any Decoder {
    currentIndex += 1
    return ShapeDecoder(recorder: recorder, codingPath: codingPath, example: example)
  }
}

struct ShapeValue: SingleValueDecodingContainer {
  let recorder: ShapeRecorder
  let codingPath: [any CodingKey]
  let example: Value?

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try required(type) }
  func decode(_ type: Int128.Type) throws -> Int128 { try required(type) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try required(type) }

  private func required<T: Decodable>(_ type: T.Type) throws -> T {
    let probe = ShapeDecoder.probe(
      type, path: codingPath, depth: recorder.depth, attempt: recorder.attempt, example: example)
    recorder.single = probe.spec
    recorder.holdsOnlyObject = probe.isObject
    return try probe.required(codingPath)
  }
}

extension ArgumentSpec {
  /// The declaration of a list of these.
  fileprivate var list: ArgumentSpec {
    switch type {
    case .string: ArgumentSpec(.listString)
    case .num: ArgumentSpec(.listNum, min: min, max: max, isWhole: isWhole)
    case .uuid: ArgumentSpec(.listUUID)
    case .any where isDecimal: ArgumentSpec(.list, min: min, max: max, isDecimal: true)
    case .map: ArgumentSpec(.listMap)
    case .boolean, .datetime, .naiveDatetime, .date: ArgumentSpec(.list)
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
    case .date: "1970-01-01"
    case .uuid: "00000000-0000-4000-8000-000000000000"
    case .any: .null
    case .map: [:]
    case .list, .listString, .listNum, .listUUID, .listMap: []
    }
  }
}
