struct UnkeyedValueDecoding: UnkeyedDecodingContainer {
  let array: [Value]
  let codingPath: [any CodingKey]
  let coding: ValueCoding
  var currentIndex = 0

  init(array: [Value], codingPath: [any CodingKey], coding: ValueCoding) {
    self.coding = coding
    self.array = array
    self.codingPath = codingPath
  }

  var count: Int? { array.count }
  var isAtEnd: Bool { currentIndex >= array.count }

  private mutating func next<T>(_ decode: (ValueSource) throws -> T) throws -> T {
    let path = codingPath + [IndexKey(index: currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        T.self, .init(telling: "the array has only \(array.count) elements", at: path))
    }
    let result = try decode(ValueSource(value: array[currentIndex], codingPath: path, coding: coding))
    currentIndex += 1
    return result
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, array[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next { try $0.decode(type) } }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try next { try $0.decode(type) } }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next { try $0.decode(type) } }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<
      Nested
    >
  { try next { try $0.container(keyedBy: type) } }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }
  mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}
