import Testing

@testable import OutsideText

@Suite("Where in a value something is")
struct PlaceTextTests {
  @Test("a key that would be read as something else, or not seen, has quotes")
  func keys() {
    for (key, text) in [
      ("limit", "limit"), ("grün", "grün"), ("a-b_c/d", "a-b_c/d"), ("7", "7"), ("", "\"\""), (" ", "\" \""),
      ("a b", "\"a b\""), ("a.b", "\"a.b\""), ("a:b", "\"a:b\""), ("[0]", "\"[0]\""), ("a\"b", "\"a\\\"b\""),
      ("a\\b", "\"a\\\\b\""), ("a\nb", "\"a␊b\""), ("\u{202E}x", "\"\u{FFFD}x\""), ("\u{A0}", "\"\u{A0}\""),
      ("\u{7F}", "\"␡\""),
    ] { #expect(PlaceText.key(key) == text) }
    #expect(PlaceText.key(ByteText(String(repeating: "x", count: 100))).byteCount <= 66)
  }

  @Test("a path has dots between keys and brackets around places in lists")
  func paths() {
    #expect(PlaceText.path([]) == "")
    #expect(
      PlaceText.path([.key("a"), .index(3), .key(""), .key("b.c"), .index(0)]) == "a[3].\"\".\"b.c\"[0]")
    #expect(PlaceText.path([.key("")]) == "\"\"")
  }
}
