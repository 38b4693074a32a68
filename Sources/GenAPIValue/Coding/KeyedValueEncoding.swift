struct KeyedValueEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }

  private func set(_ value: Value, _ key: Key) { storage.set(value, key: ByteText(key.stringValue)) }

  func encodeNil(forKey key: Key) { set(.null, key) }
  func encode(_ value: Bool, forKey key: Key) { set(.bool(value), key) }
  func encode(_ value: String, forKey key: Key) { set(.string(ByteText(value)), key) }
  func encode(_ value: Double, forKey key: Key) { set(.double(value), key) }
  func encode(_ value: Float, forKey key: Key) { set(.double(value.asWritten), key) }
  func encode(_ value: Int, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: Int8, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: Int16, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: Int32, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: Int64, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt8, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt16, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt32, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt64, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: Int128, forKey key: Key) { set(storage.integer(value), key) }
  func encode(_ value: UInt128, forKey key: Key) { set(storage.integer(value), key) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    set(try ValueEncoder.box(value, path: codingPath + [key], storage.coding, level: storage.level + 1), key)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedEncodingContainer<Nested>
  { storage.nest(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    storage.nest(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { storage.nest(IndexKey(name: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { storage.nest(key) }
}
