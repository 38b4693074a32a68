struct SingleValueEncoding: SingleValueEncodingContainer {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }

  func encodeNil() { storage.put(.null) }
  func encode(_ value: Bool) { storage.put(.bool(value)) }
  func encode(_ value: String) { storage.put(.string(ByteText(value))) }
  func encode(_ value: Double) { storage.put(.double(value)) }
  func encode(_ value: Float) { storage.put(.double(value.asWritten)) }
  func encode(_ value: Int) { storage.put(storage.integer(value)) }
  func encode(_ value: Int8) { storage.put(storage.integer(value)) }
  func encode(_ value: Int16) { storage.put(storage.integer(value)) }
  func encode(_ value: Int32) { storage.put(storage.integer(value)) }
  func encode(_ value: Int64) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt8) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt16) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt32) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt64) { storage.put(storage.integer(value)) }
  func encode(_ value: Int128) { storage.put(storage.integer(value)) }
  func encode(_ value: UInt128) { storage.put(storage.integer(value)) }
  func encode<T: Encodable>(_ value: T) throws {
    storage.put(try ValueEncoder.box(value, path: codingPath, storage.coding, level: storage.level + 1))
  }
}
