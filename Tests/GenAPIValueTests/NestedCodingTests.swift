import GenAPIValue
import Testing

@Suite("Codable types that write themselves")
struct NestedCodingTests {
  class Animal: Codable {
    var name: String
    init(name: String) { self.name = name }
  }

  final class Dog: Animal {
    var age = 3
    private enum CodingKeys: CodingKey { case age }
    override init(name: String) { super.init(name: name) }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      age = try container.decode(Int.self, forKey: .age)
      try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(age, forKey: .age)
      try super.encode(to: container.superEncoder())
    }
  }

  @Test("a superclass goes under super and comes back")
  func superclass() throws {
    let value = try ValueEncoder().encode(Dog(name: "Rex"))
    #expect(value == ["age": 3, "super": ["name": "Rex"]])
    let dog = try ValueDecoder().decode(Dog.self, from: value)
    #expect(dog.name == "Rex")
    #expect(dog.age == 3)
  }

  /// Writes {"outer": {"x": 1, "y": 2}, "list": [[1, 2], {"x": 3}, null]} by hand.
  struct ByHand: Codable {
    enum Keys: CodingKey { case outer, list, x, y }
    init() {}
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      let outer = try container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      var list = try container.nestedUnkeyedContainer(forKey: .list)
      var pair = try list.nestedUnkeyedContainer()
      let third = try list.nestedContainer(keyedBy: Keys.self)
      let numbers = [
        try outer.decode(Int.self, forKey: .x), try outer.decode(Int.self, forKey: .y),
        try pair.decode(Int.self), try pair.decode(Int.self), try third.decode(Int.self, forKey: .x),
      ]
      guard numbers == [1, 2, 1, 2, 3], try list.decodeNil(), list.isAtEnd, pair.isAtEnd else {
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\(numbers)"))
      }
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      var outer = container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      try outer.encode(1, forKey: .x)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      var pair = list.nestedUnkeyedContainer()
      var third = list.nestedContainer(keyedBy: Keys.self)
      try list.encodeNil()
      try third.encode(3, forKey: .x)
      try pair.encode(1)
      try pair.encode(2)
      var again = container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      try again.encode(2, forKey: .y)
    }
  }

  @Test("nested containers are filled in any order, and opened twice are one")
  func nested() throws {
    let value = try ValueEncoder().encode(ByHand())
    #expect(value == ["outer": ["x": 1, "y": 2], "list": [[1, 2], ["x": 3], nil]])
    _ = try ValueDecoder().decode(ByHand.self, from: value)
  }

  struct Flat: Encodable {
    var fields: Value
    enum Keys: CodingKey { case id }
    func encode(to encoder: any Encoder) throws {
      try fields.encode(to: encoder)
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(7, forKey: .id)
    }
  }

  @Test("a type may write the fields of a value beside its own")
  func flattened() throws {
    #expect(try ValueEncoder().encode(Flat(fields: ["a": 1])) == ["a": 1, "id": 7])
  }

  @Test("single values, arrays with nil and dictionaries with integer keys come back")
  func plain() throws {
    #expect(try ValueEncoder().encode(5) == 5)
    #expect(try ValueEncoder().encode([1, nil] as [Int?]) == [1, nil])
    #expect(try ValueDecoder().decode([Int?].self, from: [1, nil]) == [1, nil])
    let byNumber = [7: "seven"]
    let value = try ValueEncoder().encode(byNumber)
    #expect(value == ["7": "seven"])
    #expect(try ValueDecoder().decode([Int: String].self, from: value) == byNumber)
  }

  @Test("bytes can be read as an array of bytes")
  func bytes() throws {
    #expect(try ValueDecoder().decode([UInt8].self, from: .bytes([1, 255])) == [1, 255])
    #expect(try ValueEncoder().encode([1, 255] as [UInt8]) == [1, 255])
  }

  @Test("a number that does not fit is refused with its place")
  func overflow() {
    struct Sizes: Codable { var sizes: [Double] }
    do {
      _ = try ValueEncoder().encode(Sizes(sizes: [1, .infinity]))
      Issue.record("encoded")
    } catch EncodingError.invalidValue(_, let context) {
      #expect(context.codingPath.map(\.stringValue) == ["sizes", "1"])
    } catch {
      Issue.record(error)
    }
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(Float.self, from: 1e300) }
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(Sizes.self, from: ["sizes": [-1]]) }
  }

  @Test("what is missing is named")
  func missing() {
    struct Point: Decodable { var x: Int }
    do {
      _ = try ValueDecoder().decode([Point].self, from: [["y": 1]])
      Issue.record("decoded")
    } catch DecodingError.keyNotFound(let key, let context) {
      #expect(key.stringValue == "x")
      #expect(context.codingPath.map(\.stringValue) == ["0"])
    } catch {
      Issue.record(error)
    }
  }
}
