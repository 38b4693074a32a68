import Foundation
import TestRandom
import Testing

@testable import OutsideText

@Suite("Text of strangers")
struct ShownTests {
  @Test("escape sequences and control characters become symbols")
  func controls() {
    #expect("\u{1B}[31mred\u{07}".shown == "␛[31mred␇")
    #expect("a\nb\tc\r\nd\u{0}\u{7F}".shown == "a␊b␉c␍␊d␀␡")
    #expect("\u{9B}31m".shown == "\u{FFFD}31m")
  }

  @Test("what would reorder or hide text is shown")
  func bidi() {
    #expect(
      "a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}e\u{3164}".shown
        == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}")
  }

  @Test("letters, marks and emoji stay, flags of regions too")
  func harmless() {
    let wales = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}"
    for text in ["plain", "Grüße", "服务 👍🏽 🇩🇪", "e\u{301}", "سلام", wales] { #expect(text.shown == text) }
  }

  @Test("joined emoji are shown apart: terminals do not agree how many columns they take together")
  func joinedEmoji() {
    #expect("👩\u{200D}💻!".shown == "👩💻!")
    #expect("👩\u{200D}👩\u{200D}👧".shown == "👩👩👧")
    #expect("🏳\u{FE0F}\u{200D}🌈".shown == "🏳\u{FE0F}🌈")
  }

  @Test("a joiner that joins nothing here is shown: it would join what a screen shows next to it")
  func joiners() {
    #expect("zwj\u{200D}".shown == "zwj\u{FFFD}")
    #expect("a\u{200D}b\u{200C}c".shown == "a\u{FFFD}b\u{FFFD}c")
    #expect("👩\u{200D}".shown == "👩\u{FFFD}")
    #expect("\u{200D}".shown == "\u{FFFD}")
    #expect("服务\u{200D}\u{200C}".shown == "服务\u{FFFD}\u{FFFD}")
    // Persian writes a non-joiner within a word.
    #expect("می\u{200C}خواهم".shown == "می\u{200C}خواهم")
  }

  @Test("what was replaced, and signs, join nothing: no joiner stays behind them, whatever stands around")
  func joinerBehindReplaced() {
    for text in [
      "y\u{200B}\u{200D}y", "\u{FFFD}\u{200D}x", "e\u{301}\u{200B}\u{200D}", "\u{200B}\u{FE0F}x",
      "→\u{200D}→",
    ] {
      #expect(
        !text.shown.unicodeScalars.contains { $0.value == 0x200D || $0.value == 0xFE0F }, "\(text.shown)")
    }
    var random = SeededRandom(seed: 3)
    let scalars: [Unicode.Scalar] = [
      "a", "é", "\u{301}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{FE0F}", "\u{FFFD}", "→", "\u{1B}", "👩",
      "न",
    ]
    for _ in 0..<2_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<6 { text.append(scalars.randomElement(using: &random) ?? "a") }
      let shown = Array(String(text).shown.unicodeScalars)
      for (place, scalar) in shown.enumerated() where scalar.value == 0x200C || scalar.value == 0x200D {
        let base = shown[..<place].last { !$0.isWithoutWidth }
        #expect(base.map { $0.properties.isAlphabetic && !$0.isASCII } == true, "\(text.map { $0.value })")
      }
    }
  }

  @Test("tags outside of a region's flag are shown: they spell an invisible text")
  func tags() {
    let hidden = String(
      String.UnicodeScalarView("rm -rf".unicodeScalars.map { Unicode.Scalar($0.value + 0xE0000)! }))
    for text in ["a\(hidden)", "\u{1F3F4}\(hidden)", "\u{1F3F4}\(hidden)\u{E007F}", hidden] {
      #expect(!text.shown.unicodeScalars.contains { $0.isTag }, "\(text.unicodeScalars.count)")
      #expect(text.shown.contains("\u{FFFD}"))
    }
  }

  @Test("a heap of marks is cut, a mark without a letter does not join its neighbour")
  func marks() {
    let heap = "a" + String(repeating: "\u{301}", count: 80)
    #expect(heap.shown.unicodeScalars.count == 5)
    #expect("\u{301}x".shown == "\u{FFFD}x")
  }

  @Test("a text that is its bytes is shown as a string is")
  func byteText() {
    #expect(ByteText("a\n\u{1B}[2J\u{202E}").shown == "a␊␛[2J�")
    #expect(ByteText("a\u{1B}\nb").shownLines == "a␛\nb")
  }

  @Test("lines that are meant stay lines")
  func lines() {
    #expect("a\u{1B}\nb\r".shownLines == "a␛\nb␍")
  }

  @Test("JSON says the same with nothing hidden in it")
  func json() throws {
    let text = "é\u{9B}2J\u{7F}\u{202E}x\u{E0041}\u{1F600}\u{200B}"
    let data = try JSONSerialization.data(withJSONObject: ["a": text])
    let shown = JSONShown.escaping(data)
    let again = try JSONSerialization.jsonObject(with: Data(shown)) as? [String: String]
    #expect(again?["a"].map { Array($0.utf8) } == Array(text.utf8))
    let line = String(decoding: shown, as: UTF8.self)
    #expect(
      line.contains("é") && line.contains("\u{1F600}") && line.contains("\\u009b") && line.contains("\\u007f")
    )
    #expect(line.unicodeScalars.allSatisfy { !$0.isHidden })
  }

  @Test("no character at all is hidden in what is shown")
  func all() {
    for value in UInt32(0)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = String(Character(scalar)).shown
      #expect(shown.unicodeScalars.allSatisfy { !$0.isHidden && !$0.isTag }, "U+\(String(value, radix: 16))")
    }
  }
}
