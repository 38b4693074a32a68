import GenAPIValue
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
  @Test("commas stand between fields and elements, and nowhere else")
  func commas() {
    var json = JSONWriter()
    json.beginObject()
    json.key("a")
    json.beginArray()
    json.int(1)
    json.null()
    json.beginObject()
    json.endObject()
    json.endArray()
    json.key(escaping: "b\"")
    json.bool(false)
    json.key("c")
    json.value(["x": [true]])
    json.endObject()
    #expect(json.text == #"{"a":[1,null,{}],"b\"":false,"c":{"x":[true]}}"#)
  }

  @Test("it begins anew in the same memory, and after the end of a line")
  func again() {
    var json = JSONWriter(capacity: 0)
    json.string("first")
    json.restart()
    json.string("x")
    json.newline()
    json.int(1)
    #expect(json.text == "\"x\"\n1")
    #expect(json.count == 5)
  }

  @Test("strings of every length come back, wherever in them something is escaped")
  func lengths() throws {
    for length in 0...40 {
      let text = String((0..<length).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
      #expect(Value.string(ByteText(text)).json == "\"\(text)\"")
      for position in 0..<length {
        for special in ["\"", "\\", "\n", "\u{1f}"] {
          var escaped = Array(text)
          escaped[position] = Character(special)
          let value = Value.string("\(escaped)")
          #expect(try Value(json: value.jsonBytes) == value)
        }
      }
    }
  }

  @Test("integers of every length are written as they are described")
  func integers() {
    var value: Int64 = 1
    while value < Int64.max / 10 {
      for near in [value - 1, value, value + 1, value * 9 + 7] {
        #expect(Value.int(near).json == near.description)
        #expect(Value.int(-near).json == (-near).description)
      }
      value *= 10
    }
    for edge in [Int64.min, .max, 0] { #expect(Value.int(edge).json == edge.description) }
  }

  @Test("quotes, backslashes and every control character are escaped, nothing else is")
  func escapes() throws {
    #expect(
      Value.string("a\"\\\n\r\t\u{1}\u{1f}\u{7f}/é").json == "\"a\\\"\\\\\\n\\r\\t\\u0001\\u001f\u{7f}/é\"")
    for code in 0..<0x20 {
      let value = Value.string("x\(Character(Unicode.Scalar(UInt8(code))))y")
      #expect(value.jsonBytes.allSatisfy { $0 >= 0x20 })
      #expect(try Value(json: value.jsonBytes) == value)
    }
  }

  @Test(
    "bytes become Base64",
    arguments: [
      ([], ""), ([102], "Zg=="), ([102, 111], "Zm8="), ([102, 111, 111], "Zm9v"),
      ([1, 2, 3, 255], "AQID/w=="),
    ] as [([UInt8], String)])
  func bytes(bytes: [UInt8], text: String) { #expect(Value.bytes(bytes).json == "\"\(text)\"") }
}
