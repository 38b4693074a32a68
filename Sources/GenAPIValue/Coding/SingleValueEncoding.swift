struct SingleValueEncoding: SingleValueEncodingContainer {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }

  func encodeNil() { storage.put(.null) }
  func encode(_ value: Bool) { storage.put(.bool(value)) }
  func encode(_ value: String) { storage.put(.string(value)) }
  func encode(_ value: Double) { storage.put(.double(value)) }
  func encode(_ value: Float) { storage.put(.double(Double(value))) }
  func encode(_ value: Int) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: Int8) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: Int16) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: Int32) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: Int64) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: UInt) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: UInt8) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: UInt16) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: UInt32) throws { storage.put(try storage.integer(value)) }
  func encode(_ value: UInt64) throws { storage.put(try storage.integer(value)) }
  func encode<T: Encodable>(_ value: T) throws {
    storage.put(try ValueEncoder.box(value, path: codingPath))
  }
}
