import Testing

@testable import TopScreen

@Suite("Display width")
struct DisplayWidthTests {
  @Test(
    "a cluster takes the columns a terminal gives it",
    arguments: [
      ("a", 1), ("é", 1), ("e\u{301}", 1), ("中", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("ｆ", 2),
      ("🙂", 2), ("👩‍💻", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("1️⃣", 2), ("☎", 1), ("│", 1), ("⣿", 1),
      ("…", 1), ("\u{200B}", 0), ("\u{301}", 0), ("\u{1B}", 0),
    ] as [(Character, Int)])
  func cluster(_ cluster: Character, width: Int) {
    #expect(DisplayWidth.of(cluster) == width)
  }

  @Test("text is as wide as its clusters together")
  func text() {
    #expect(DisplayWidth.of("order_服务 👩‍💻!") == 14)
  }

  @Test("cutting keeps wide characters whole and says that something is missing")
  func truncation() {
    #expect("中文字".truncated(to: 6) == "中文字")
    #expect("中文字".truncated(to: 5) == "中文…")
    #expect("中文字".truncated(to: 4) == "中…")
    #expect("abc".truncated(to: 1) == "…")
    #expect("abc".truncated(to: 0) == "")
  }

  @Test("padding fills to the exact width on either side")
  func padding() {
    #expect("中a".padded(to: 5) == "中a  ")
    #expect("12".padded(to: 5, .right) == "   12")
    #expect("ab".padded(to: 5, .center) == " ab  ")
    #expect("abcdef".padded(to: 4, .right) == "abc…")
  }

  @Test("long words are broken, short ones kept together")
  func wrapping() {
    #expect("no answer from abcdefghij".wrapped(to: 9) == ["no answer", "from", "abcdefghi", "j"])
    #expect("".wrapped(to: 5) == [""])
  }
}
