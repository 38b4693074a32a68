import Testing

@testable import GenAPIValue

@Suite("What nests without an end")
struct DepthTests {
  private struct Node: Codable {
    var children: [Node] = []

    init(levels: Int) { for _ in 0..<levels { children = [Node(wrapping: children)] } }

    private init(wrapping children: [Node]) { self.children = children }
  }

  /// Nests by values alone, with no key or index in between.
  private final class Wrapped: Encodable {
    let inner: Wrapped?

    init(levels: Int) { inner = levels > 0 ? Wrapped(levels: levels - 1) : nil }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let inner { try container.encode(inner) } else { try container.encode(1) }
    }
  }

  private func value(levels: Int) -> Value {
    var value: Value = 1
    for _ in 0..<levels { value = .array([value]) }
    return value
  }

  @Test(
    "a type that nests too deep is an error when it is encoded, not the end of the process",
    arguments: [101, 2_000])
  func encoding(_ levels: Int) {
    // A level of these is an object and an array.
    let error = #expect(throws: EncodingError.self) { try ValueEncoder().encode(Node(levels: levels)) }
    #expect("\(error as Any)".contains("nests deeper than 200 levels"))
    #expect(throws: EncodingError.self) { try ValueEncoder().encode(Wrapped(levels: 1_000)) }
  }

  @Test("as deep as JSON may be read is encoded, and read back")
  func within() throws {
    let value = try ValueEncoder().encode(Node(levels: 90))
    #expect(!value.isTooDeep)
    let node = try ValueDecoder().decode(Node.self, from: value)
    #expect(try ValueEncoder().encode(node) == value)
    #expect(try Value(json: value.json, maxDepth: JSONReader.deepestMaxDepth) == value)
  }

  @Test("a value that nests too deep is an error when a type is made of it", arguments: [210, 5_000])
  func decoding(_ levels: Int) {
    var value: Value = ["children": []]
    for _ in 0..<levels { value = ["children": [value]] }
    let error = #expect(throws: DecodingError.self) { try ValueDecoder().decode(Node.self, from: value) }
    #expect("\(error as Any)".contains("nests deeper than 200 levels"))
  }

  @Test("values know whether they nest too deep")
  func values() {
    #expect(!value(levels: 200).isTooDeep && value(levels: 201).isTooDeep && value(levels: 5_000).isTooDeep)
    #expect(!Value.array(Array(repeating: 1, count: 1_000)).isTooDeep)
  }
}
