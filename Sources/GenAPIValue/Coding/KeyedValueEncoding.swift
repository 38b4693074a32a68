struct KeyedValueEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }

  func encodeNil(forKey key: Key) { storage.set(.null, key: key.stringValue) }
  func encode(_ value: Bool, forKey key: Key) { storage.set(.bool(value), key: key.stringValue) }
  func encode(_ value: String, forKey key: Key) { storage.set(.string(value), key: key.stringValue) }
  func encode(_ value: Double, forKey key: Key) { storage.set(.double(value), key: key.stringValue) }
  func encode(_ value: Float, forKey key: Key) { storage.set(.double(Double(value)), key: key.stringValue) }
  func encode(_ value: Int, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: Int64, forKey key: Key) { storage.set(.int(value), key: key.stringValue) }
  func encode(_ value: Int8, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: Int16, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: Int32, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: UInt8, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: UInt16, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: UInt32, forKey key: Key) { storage.set(.int(Int64(value)), key: key.stringValue) }
  func encode(_ value: UInt, forKey key: Key) throws {
    storage.set(try ValueEncoder.box(value, path: codingPath + [key]), key: key.stringValue)
  }
  func encode(_ value: UInt64, forKey key: Key) throws {
    storage.set(try ValueEncoder.box(value, path: codingPath + [key]), key: key.stringValue)
  }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    storage.set(try ValueEncoder.box(value, path: codingPath + [key]), key: key.stringValue)
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
