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
    json.key("b\"" as String)
    json.bool(false)
    json.key("c")
    json.value(["x": [true]])
    json.endObject()
    #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":[1,null,{}],"b\"":false,"c":{"x":[true]}}"#)
  }

  @Test("it appends to the bytes it is given")
  func appends() {
    var json = JSONWriter(bytes: Array("data: ".utf8))
    json.string("x")
    #expect(String(decoding: json.bytes, as: UTF8.self) == #"data: "x""#)
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
