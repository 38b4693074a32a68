import GenAPIValue
import Testing

@Suite("JSON")
struct JSONTests {
  @Test("every generated value comes back as it was")
  func roundTrip() throws {
    var generator = ValueGenerator(seed: 1)
    for _ in 0..<5_000 {
      let value = generator.value(depth: 4)
      #expect(try Value(json: value.jsonBytes) == value)
    }
  }

  @Test("cut, changed and random text is refused or read, never a trap")
  func fuzz() {
    var generator = ValueGenerator(seed: 2)
    for round in 0..<30_000 {
      var bytes = generator.value(depth: 3).jsonBytes
      switch round % 3 {
      case 0: bytes.removeLast(generator.next(below: bytes.count))
      case 1:
        for _ in 0...generator.next(below: 3) where !bytes.isEmpty {
          bytes[generator.next(below: bytes.count)] = UInt8(generator.next(below: 256))
        }
      default: bytes = (0..<generator.next(below: 30)).map { _ in UInt8(generator.next(below: 256)) }
      }
      if let value = try? Value(json: bytes) { #expect((try? Value(json: value.jsonBytes)) != nil) }
    }
  }

  @Test(
    "text that is not JSON is refused with the place",
    arguments: [
      ("", 0), ("nul", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("01", 0),
      ("1.", 2),
      ("-", 1), ("1e", 2), ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("\"\\ud800\"", 7), ("\"a\nb\"", 2),
      ("1 1", 2),
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

  @Test("nesting deeper than the bound is refused")
  func depth() {
    let deep = String(repeating: "[", count: 5_000)
    #expect(throws: JSONError.self) { try Value(json: deep) }
    #expect(throws: JSONError.self) { try Value(json: "[[[1]]]", maxDepth: 2) }
    #expect((try? Value(json: "[[[1]]]", maxDepth: 3)) != nil)
  }

  @Test("integers stay integers up to 64 bits, larger ones become doubles")
  func integers() throws {
    #expect(try Value(json: "9223372036854775807") == .int(.max))
    #expect(try Value(json: "-9223372036854775808") == .int(.min))
    #expect(try Value(json: "9223372036854775808") == .double(9_223_372_036_854_775_808))
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

  @Test("control characters are escaped, bytes become Base64")
  func writing() {
    #expect(Value.string("a\"\\\n\u{1}").json == #""a\"\\\n\u0001""#)
    #expect(Value.bytes([1, 2, 3, 255]).json == #""AQID/w==""#)
    #expect(Value.bytes([]).json == #""""#)
  }
}
