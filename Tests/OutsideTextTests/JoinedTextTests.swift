import OutsideText
import Testing

@Suite("Names that are joined to one text")
struct JoinedTextTests {
  @Test("differ where the names differ, whatever bytes they hold")
  func unique() {
    let parts: [ByteText] = [
      "", "a", "/", "\\", "a/", "/a", "a\\", "\\/", "a/b", "\u{1F}", "\u{1B}", "a\u{1F}b", "\u{1B}\u{1F}",
    ]
    var joined = Set<ByteText>(), keys = Set<ByteText>()
    for first in parts {
      for second in parts {
        for third in parts {
          joined.insert([first, second, third].joinedUniquely(by: UInt8(ascii: "/")))
          keys.insert([first, second, third].joinedAsKey)
        }
      }
    }
    #expect(joined.count == parts.count * parts.count * parts.count)
    #expect(keys.count == joined.count)
    #expect(["users", "get"].joinedUniquely(by: UInt8(ascii: "/")) as ByteText == "users/get")
  }

  @Test("are parted where they were joined")
  func parted() {
    for name: ByteText in ["users", "a/b", "a\\", "\\/", "/", "ä/ö"] {
      let text: ByteText = [name.escaping(UInt8(ascii: "/")), "get/all"].joined(separator: "/")
      let parts = text.partedUnescaped(at: UInt8(ascii: "/"))
      #expect(parts?.before == name && parts?.after == "get/all")
    }
    #expect(ByteText("global").partedUnescaped(at: UInt8(ascii: "/")) == nil)
    // As somebody types them: an escape that none needs is itself.
    for (text, before) in [("a\\b/t", "a\\b"), ("\\a\\ä\\/\\ /t", "\\a\\ä/\\ "), ("a\\\\b/t", "a\\b")]
      as [(ByteText, ByteText)]
    {
      let parts = text.partedUnescaped(at: UInt8(ascii: "/"))
      #expect(parts?.before == before && parts?.after == "t")
    }
  }
}
