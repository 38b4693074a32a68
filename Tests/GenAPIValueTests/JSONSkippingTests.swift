import GenAPIValue
import Testing

@Suite("Stepping over JSON without reading it")
struct JSONSkippingTests {
  private static func end(_ bytes: [UInt8], maxDepth: Int = 128) -> Int? {
    bytes.withUnsafeBytes { try? JSONReader.endOfObject($0, maxDepth: maxDepth) }
  }

  /// An object is passed to its end exactly when it can be read.
  private static func agrees(_ bytes: [UInt8]) -> Bool {
    let isObject = (try? Value(json: bytes))?.object != nil
    // Reading takes white space around the object, and all of the text.
    guard bytes.first == UInt8(ascii: "{") else { return end(bytes) == nil }
    guard let end = end(bytes) else { return !isObject }
    guard (try? Value(json: Array(bytes[..<end])))?.object != nil else { return false }
    return bytes[end...].allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) } == isObject
  }

  @Test("every object is passed to its end, whatever follows")
  func whole() {
    var generator = ValueGenerator(seed: 11)
    for _ in 0..<2_000 {
      let bytes = Value.object(["a": generator.value(depth: 3), "b": generator.value(depth: 2)]).jsonBytes
      #expect(Self.end(bytes) == bytes.count)
      #expect(Self.end(bytes + Array(",\"next\"".utf8)) == bytes.count)
    }
  }

  @Test("what reading refuses is refused, what it takes is passed: cut, changed, doubled and removed bytes")
  func damaged() {
    var generator = ValueGenerator(seed: 12)
    for _ in 0..<20_000 {
      var bytes = Value.object(["key": generator.value(depth: 3)]).jsonBytes
      switch generator.next(below: 4) {
      case 0: bytes.removeLast(generator.next(below: bytes.count))
      case 1: bytes[generator.next(below: bytes.count)] = UInt8(generator.next(below: 256))
      case 2: bytes.insert(bytes[generator.next(below: bytes.count)], at: generator.next(below: bytes.count))
      default: bytes.remove(at: generator.next(below: bytes.count))
      }
      #expect(Self.agrees(bytes), "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test(
    "numbers, escapes and white space are held to the same rules",
    arguments: [
      #"{"a":1234567890123456789012}"#, #"{"a":-0}"#, #"{"a":-}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":1e5}"#,
      #"{"a":1E+}"#, #"{"a":1e999}"#, #"{ "a" : [ 1 , 2 ] , "b" : { } }"#, #"{"a":[1,]}"#, #"{"a":1,}"#, "{",
      #"{"a"}"#, #"{"a":}"#, #"{"a":[}"#, #"{"a":nul}"#, #"{"a":"\u00e9\n"}"#, #"{"a":"\x"}"#,
      #"{"a":"\ud800"}"#,
      "{\"a\":\"\u{1}\"}", #"{"a":"0123456\u{7}"}"#,
      #"{"long key of a field":"日本語, and a text that is longer"}"#,
    ])
  func rules(_ text: String) {
    #expect(Self.agrees(Array(text.utf8)))
  }

  @Test("a text is searched byte for byte, wherever in it something stands")
  func everyPlace() {
    for length in 0..<40 {
      for place in 0...length {
        for byte in [UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xFF] {
          var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
          text.insert(byte, at: place)
          #expect(Self.agrees(Array("{\"k\":\"".utf8) + text + Array("\"}".utf8)))
        }
      }
    }
  }

  @Test("deeper nesting than asked for is refused")
  func depth() {
    let text = Array(#"{"a":{"b":[1]}}"#.utf8)
    #expect(Self.end(text, maxDepth: 3) == text.count)
    #expect(Self.end(text, maxDepth: 2) == nil)
  }

  @Test("one field is found as reading the object would give it")
  func field() throws {
    let text = Array(
      #"{"a":1,"outcome":"ok","b":{"outcome":"x"},"c":["outcome"],"out\u0063ome":"timeout","d":"é","e":null}"#
        .utf8)
    let object = try #require(try Value(json: text).object)
    try text.withUnsafeBytes { bytes in
      _ = try JSONReader.endOfObject(bytes)
      #expect(JSONReader.field("outcome", ofChecked: bytes) == "timeout")
      #expect(JSONReader.field("outcome", ofChecked: bytes) == object["outcome"])
      #expect(JSONReader.field("a", ofChecked: bytes) == 1)
      #expect(JSONReader.field("b", ofChecked: bytes) == object["b"])
      #expect(JSONReader.field("d", ofChecked: bytes) == "é")
      #expect(JSONReader.field("e", ofChecked: bytes) == .null)
      #expect(JSONReader.field("x", ofChecked: bytes) == nil)
    }
    Array("{}".utf8).withUnsafeBytes { #expect(JSONReader.field("a", ofChecked: $0) == nil) }
  }

  @Test("a value is stepped over and given as it stands, with the white space behind it left out")
  func raw() throws {
    let text = Array(#"[ "a\"b" , {"x":[1, 2]}  ,3]"#.utf8)
    try text.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes: bytes)
      var values: [String] = []
      let begins = reader.take(UInt8(ascii: "["))
      repeat {
        values.append(String(decoding: try reader.raw(), as: UTF8.self))
      } while reader.take(
        UInt8(ascii: ","))
      #expect(values == [#""a\"b""#, #"{"x":[1, 2]}"#, "3"])
      let ends = reader.take(UInt8(ascii: "]"))
      #expect(begins && ends && reader.isAtEnd)
    }
    Array("[1".utf8).withUnsafeBytes { bytes in
      var reader = JSONReader(bytes: bytes)
      #expect(throws: JSONError.self) { try reader.raw() }
    }
  }
}
