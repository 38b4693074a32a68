import OutsideText
import Testing

@Suite("Names that differ in blanks look different")
struct NameTests {
  @Test(
    "blanks that would not be seen give a name quotes",
    arguments: [
      (" a", "\" a\""), ("a ", "\"a \""), ("a  b", "\"a  b\""), ("a\u{A0}b", "\"a\\u{a0}b\""),
      (" \"\\", "\" \\\"\\\\\""), ("\u{2003}", "\"\\u{2003}\""), (" ", "\" \""), ("\"a \"", "\"\\\"a \\\"\""),
    ])
  func quoted(name: String, shown: String) {
    #expect(ByteText(name).asName == ByteText(shown))
  }

  @Test(
    "any other stays as it is",
    arguments: ["", "a", "a b", "a b c", "größe", "\"1\"", "\"a b\"", "a\"b", "a\\b", "\"", "\"\""])
  func plain(name: String) {
    #expect(ByteText(name).asName == ByteText(name))
  }

  @Test("no two names of few letters look alike")
  func unique() {
    let letters = ["a", " ", "\"", "\\", "\u{A0}"]
    var names = [""]
    var all: [String] = []
    for _ in 0..<5 {
      names = names.flatMap { name in letters.map { name + $0 } }
      all += names
    }
    #expect(Set(all.map { ByteText($0).asName }).count == all.count)
  }
}
