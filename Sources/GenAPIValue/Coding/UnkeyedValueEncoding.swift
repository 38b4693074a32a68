struct UnkeyedValueEncoding: UnkeyedEncodingContainer {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }
  var count: Int { storage.count }

  func encodeNil() { storage.append(.null) }
  func encode(_ value: Int128) { storage.append(storage.integer(value)) }
  func encode(_ value: UInt128) { storage.append(storage.integer(value)) }
  func encode<T: Encodable>(_ value: T) throws {
    storage.append(
      try ValueEncoder.box(
        value, path: codingPath + [IndexKey(index: count)], storage.coding, level: storage.level + 1))
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    storage.nestNext().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { storage.nestNext().unkeyedContainer() }
  func superEncoder() -> any Encoder { storage.nestNext() }
}
