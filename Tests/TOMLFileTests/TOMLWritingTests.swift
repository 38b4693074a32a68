import GenAPIValue
import TOMLFile
import Testing

@Suite("Writing TOML")
struct TOMLWritingTests {
  @Test(
    "what is written is read back",
    arguments: [
      #"{}"#, #"{"a":1,"b":-9223372036854775808,"c":9223372036854775807}"#, #"{"a":true,"b":false,"c":1.5}"#,
      #"{"a":"","b":"x\ny\t\"z\"\\","c":"héé 👩‍👩‍👧"}"#, #"{"a":[],"b":[1,2,3],"c":[[1],["x"]]}"#,
      #"{"a":{},"b":{"c":{"d":1}},"e":[{"f":1},{"f":2}]}"#, #"{"a b":{"":2,"c.d":1}}"#,
    ])
  func roundTrip(json: String) throws {
    let value = try Value(json: json)
    let text = try #require(value.toml)
    #expect(text.hasSuffix("\n"))
    #expect(try Value(toml: text) == value)
  }

  @Test(
    "a null, and what is no object, has no TOML",
    arguments: [#"null"#, #"1"#, #"[]"#, #"{"a":null}"#, #"{"a":[null]}"#, #"{"a":{"b":[{"c":null}]}}"#])
  func without(json: String) throws {
    #expect(try Value(json: json).toml == nil)
  }

  @Test("an integer beyond 64 bits and bytes become text")
  func text() throws {
    let wide = try Value(json: #"{"a":123456789012345678901234567890}"#)
    #expect(try Value(toml: #require(wide.toml)) == ["a": "123456789012345678901234567890"])
    let bytes = Value.object(["a": .bytes([1, 2, 255])])
    #expect(try Value(toml: #require(bytes.toml)) == ["a": "AQL/"])
  }

  @Test("a fault says its line, and shows no control character of a hostile file")
  func fault() {
    let fault = #expect(throws: TOMLText.Fault.self) { try Value(toml: "a = 1\nb = \u{1B}[2J\u{202E}") }
    #expect(fault?.line == 2 && fault?.description.hasPrefix("line 2: ") == true)
    let signs = (fault?.description ?? "").unicodeScalars
    #expect(!signs.contains { [.control, .format].contains($0.properties.generalCategory) })
  }

  @Test("a key that is not set has the line of what it is within, and one of nothing has none")
  func lines() {
    let lines = TOMLLines("[a]\nb = 1\n\n[[c]]\nd = 1\n[[c]]\nd = 2\n")
    #expect(lines.line(of: "a.b") == 2 && lines.line(of: "a.x") == 1 && lines.line(of: "a.b.c") == 2)
    #expect(lines.line(of: "c.0.d") == 5 && lines.line(of: "c.1.d") == 7 && lines.line(of: "c.1.e") == 6)
    #expect(lines.line(of: "x") == nil)
  }
}
