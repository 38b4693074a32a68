struct KeyedValueDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: ValueObject
  let codingPath: [any CodingKey]
  let coding: ValueCoding

  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0.string) } }
  func contains(_ key: Key) -> Bool { object[ByteText(key.stringValue)] != nil }

  private func source(_ key: any CodingKey) throws -> ValueSource {
    guard let value = object[ByteText(key.stringValue)] else {
      throw DecodingError.keyNotFound(
        key, .init(telling: "the key \"\(key.stringValue)\" is missing", at: codingPath))
    }
    return ValueSource(value: value, codingPath: codingPath + [key], coding: coding)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try source(key).decodeNil() }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try source(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try source(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try source(key).decode(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try source(key).decode(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try source(key).decode(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try source(key).decode(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try source(key).decode(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try source(key).decode(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try source(key).decode(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try source(key).decode(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try source(key).decode(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try source(key).decode(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try source(key).decode(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try source(key).decode(type) }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try source(key).decode(type) }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try source(key).decode(type) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try source(key).decode(type) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  { try source(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try source(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { try source(IndexKey(name: "super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try source(key) }
}
