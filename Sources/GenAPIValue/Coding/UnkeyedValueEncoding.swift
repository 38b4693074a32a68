struct UnkeyedValueEncoding: UnkeyedEncodingContainer {
  let storage: EncodingStorage
  var codingPath: [any CodingKey] { storage.codingPath }
  var count: Int { storage.count }

  func encodeNil() { storage.append(.null) }
  func encode<T: Encodable>(_ value: T) throws {
    storage.append(try ValueEncoder.box(value, path: codingPath + [IndexKey(index: count)]))
  }

  private func nest() -> EncodingStorage {
    let nested = EncodingStorage(path: codingPath + [IndexKey(index: count)])
    storage.nested.append((String(count), nested))
    storage.append(.null)
    return nested
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    nest().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nest().unkeyedContainer() }
  func superEncoder() -> any Encoder { nest() }
}
