import GenAPITelemetry

/// Makes any value out of one text and one number: every list has one element, nothing that may be absent is. So a
/// field that is added to a type is in its example.
struct ExampleDecoder: Decoder {
  let text: String
  let number: Int64
  /// What may be absent is.
  var leavesOut = false
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(ExampleFields<Key>(decoder: self))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer { ExampleElements(decoder: self) }
  func singleValueContainer() -> any SingleValueDecodingContainer { ExampleValue(decoder: self) }

  func make<T: Decodable>(_ type: T.Type) throws -> T {
    let number = number
    let made: Any? =
      switch type {
      case is String.Type: text
      case is Bool.Type: true
      case is Double.Type: Double(number)
      // A word that is known, but where the bounds of texts are tried.
      case is CircuitState.Type where text.utf8.count <= TextBound.nameBytes: CircuitState.open
      case let integer as any FixedWidthInteger.Type: integer.init(clamping: number)
      default: nil
      }
    return try made as? T ?? T(from: self)
  }
}

private struct ExampleFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ExampleDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [Key(stringValue: decoder.text)].compactMap(\.self) }

  func contains(_ key: Key) -> Bool { !decoder.leavesOut }
  func decodeNil(forKey key: Key) -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.make(type) }
  func superDecoder() -> any Decoder { decoder }
  func superDecoder(forKey key: Key) -> any Decoder { decoder }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Nested> {
    decoder.container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { decoder.unkeyedContainer() }
}

private struct ExampleElements: UnkeyedDecodingContainer {
  let decoder: ExampleDecoder
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { 1 }
  var isAtEnd: Bool { currentIndex > 0 }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    return try decoder.make(type)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<
    Nested
  > {
    currentIndex += 1
    return decoder.container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
    currentIndex += 1
    return decoder.unkeyedContainer()
  }

  mutating func superDecoder() -> any Decoder { decoder }
}

private struct ExampleValue: SingleValueDecodingContainer {
  let decoder: ExampleDecoder
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.make(type) }
}
