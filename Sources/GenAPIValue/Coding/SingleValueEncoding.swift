struct SingleValueEncoding: SingleValueEncodingContainer {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }

  func encodeNil() { storage.content = .single(.null) }
  func encode(_ value: Bool) { storage.content = .single(.bool(value)) }
  func encode(_ value: String) { storage.content = .single(.string(value)) }
  func encode(_ value: Double) { storage.content = .single(.double(value)) }
  func encode(_ value: Float) { storage.content = .single(.double(Double(value))) }
  func encode(_ value: Int) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: Int8) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: Int16) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: Int32) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: Int64) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: UInt) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: UInt8) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: UInt16) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: UInt32) throws { storage.content = .single(try storage.integer(value)) }
  func encode(_ value: UInt64) throws { storage.content = .single(try storage.integer(value)) }
  func encode<T: Encodable>(_ value: T) throws {
    storage.content = .single(try ValueEncoder.box(value, path: codingPath))
  }
}
