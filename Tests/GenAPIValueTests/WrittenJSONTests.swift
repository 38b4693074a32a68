import Testing

@testable import GenAPIValue

@Suite("JSON that people write")
struct WrittenJSONTests {
  @Test(
    "a key that stands twice in one object is refused with both places",
    arguments: [
      ("{\"a\":1,\"a\":2}", "the key a stands twice in one object, line 1, columns 2 and 8, at byte 7"),
      (
        "[\n{\"b\": [{\"x\": {}, \"a\": 1,\n\n\"a\": 1}]}]",
        "the key a stands twice in one object, lines 2 and 4, at byte 28"
      ),
      (
        "{\"\\u0061 b\":1,\n\"a b\":2}",
        "the key \"a b\" stands twice in one object, lines 1 and 2, at byte 15"
      ),
    ])
  func repeated(text: String, words: String) {
    let error = #expect(throws: JSONError.self) { try Value(written: text.utf8) }
    #expect(error?.description == words && error?.isRefusal == true)
    // Clients' messages are read as ever.
    #expect((try? Value(json: text)) != nil)
  }

  @Test(
    "anything else is read, or refused, as other JSON",
    arguments: [
      "{}", "[]", "[[], {}, \"{\", -1.5e3, true, null]",
      " {\"a\": {\"a\": [{\"a\": 1}, {\"a\": 2}]}, \"A\": 1} ", "7",
      "{\"a\":1,}", "[1,]", "{\"a\" 1}", "", "{", "{\"a\":1} 2", "[\"\\x\"]",
    ])
  func others(text: String) {
    #expect(Result { try Value(written: text.utf8) }.said == Result { try Value(json: text) }.said)
  }

  @Test("what is nested as deep as may be is looked through")
  func deep() throws {
    let most = JSONReader.deepestMaxDepth
    let text = String(repeating: "[", count: most) + String(repeating: "]", count: most)
    #expect(throws: Never.self) { try Value(written: text.utf8, maxDepth: most) }
    #expect(throws: JSONError.self) { try Value(written: "[\(text)]".utf8, maxDepth: most) }
  }
}

extension Result where Success == Value {
  fileprivate var said: String {
    switch self {
    case .success(let value): value.json
    case .failure(let error): "\(error)"
    }
  }
}
