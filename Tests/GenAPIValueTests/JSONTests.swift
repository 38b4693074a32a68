import GenAPIValue
import Testing

@Suite("JSON")
struct JSONTests {
  @Test("every generated value comes back as it was, through bytes and through text")
  func roundTrip() throws {
    var generator = ValueGenerator(seed: 1)
    for _ in 0..<5_000 {
      let value = generator.value(depth: 4)
      #expect(try Value(json: value.jsonBytes) == value)
      #expect(try Value(json: value.json) == value)
    }
  }

  @Test(
    "text that is not JSON is refused with the place",
    arguments: [
      ("", 0), ("nul", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("01", 0),
      ("1.", 2),
      ("-", 1), ("1e", 2), ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("\"\\ud800\"", 7), ("\"a\nb\"", 2),
      ("1 1", 2), ("\"\\udc00\"", 7), ("\"\\ud800\\", 7), ("\"\\", 2), ("\"\\u12", 5), ("-01", 1),
      ("[,1]", 1), ("{\"a\":1,}", 7),
      ("truE", 0), ("\u{FEFF}1", 0), ("NaN", 0), ("Infinity", 0), ("'a'", 0), ("1e+", 3), ("--1", 1),
      ("]", 0), ("[}", 1),
      ("+1", 0), (".5", 0), ("[", 1), ("\"", 1), ("\"\\ud800\\u0041\"", 13), ("1e999", 0), ("// x", 0),
    ])
  func refused(text: String, offset: Int) {
    do {
      let value = try Value(json: text)
      Issue.record("\(text) was read as \(value)")
    } catch {
      #expect(error.offset == offset, "\(text): \(error)")
    }
  }

  @Test("a string that is not UTF-8 is refused")
  func invalidUTF8() {
    #expect(throws: JSONError.self) { try Value(json: [0x22, 0xff, 0x22]) }
    #expect(throws: JSONError.self) { try Value(json: [0x22, 0x5c, 0x6e, 0xc0, 0x80, 0x22]) }
  }

  @Test("an error says what was expected and where")
  func message() {
    #expect(throws: JSONError("expected ',' or '}'", offset: 9)) { try Value(json: #"{"a": 17 "b": 2}"#) }
    #expect("\(JSONError("expected ',' or '}'", offset: 9))" == "expected ',' or '}' at byte 9")
  }

  @Test("an error in a slice counts from the start of the slice")
  func slice() throws {
    let bytes = Array("xx[1 2]xx".utf8)
    #expect(throws: JSONError("expected ',' or ']'", offset: 3)) { try Value(json: bytes[2..<7]) }
    #expect(try Value(json: bytes[3..<4]) == 1)
    #expect(try JSONReader.parse(bytes.span.bytes.extracting(5..<6)) == 2)
  }

  @Test("nesting deeper than the bound is refused")
  func depth() throws {
    #expect(throws: JSONError("expected no more than 2 levels of nesting", offset: 2, isRefusal: true)) {
      try Value(json: "[[[1]]]", maxDepth: 2)
    }
    #expect(try Value(json: "[[[1]]]", maxDepth: 3) == [[[1]]])
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError("expected no more than 128 levels of nesting", offset: 128, isRefusal: true)) {
      try Value(json: deep)
    }
    #expect(throws: JSONError("expected no more than 200 levels of nesting", offset: 200, isRefusal: true)) {
      try Value(json: deep, maxDepth: .max)
    }
    #expect(throws: JSONError.self) { try Value(json: "[1]", maxDepth: 0) }
    #expect(throws: JSONError.self) { try Value(json: "[1]", maxDepth: -1) }
  }

  @Test("the deepest text that may be asked for is read and written")
  func deepest() throws {
    let text = String(repeating: "{\"a\":[", count: 100) + String(repeating: "]}", count: 100)
    #expect(try Value(json: text, maxDepth: 200).json == text)
  }

  @Test("text longer than the bound is refused")
  func size() throws {
    #expect(try Value(json: "[1,2]", maxBytes: 5) == [1, 2])
    #expect(throws: JSONError("the text has 5 bytes, more than 4", offset: 4)) {
      try Value(json: "[1,2]", maxBytes: 4)
    }
  }

  @Test("integers stay integers, whatever their size")
  func integers() throws {
    #expect(try Value(json: "9223372036854775807") == .int(.max))
    #expect(try Value(json: "-9223372036854775808") == .int(.min))
    for digits in ["9223372036854775808", "-9223372036854775809", String(repeating: "9", count: 999)] {
      let value = try Value(json: digits)
      #expect(value == .wideInteger(try #require(WideInteger(digits))))
      #expect(value.json == digits)
    }
    #expect(throws: JSONError.self) { try Value(json: String(repeating: "9", count: 1_001)) }
    #expect(try Value(json: "1.0") == .double(1))
    #expect(try Value(json: "-0") == .int(0))
    #expect(Value.double(1).json == "1.0")
    #expect(Value.double(.nan).json == "null")
  }

  @Test("escapes are read, the last of equal keys wins, and order is kept")
  func details() throws {
    #expect(try Value(json: #""\u00e9\ud83d\ude00\/\t""#) == "é😀/\t")
    #expect(try Value(json: #"{"a":1,"b":2,"a":3}"#) == ["a": 3, "b": 2])
    #expect(try Value(json: " { \"z\" : [ ] , \"a\" : { } } ").json == #"{"z":[],"a":{}}"#)
  }
}
