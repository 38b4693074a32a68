import Testing

@testable import TopScreen

@Suite("Text of strangers")
struct SanitisedTests {
  @Test("escape sequences and control characters become symbols")
  func controls() {
    #expect("\u{1B}[31mred\u{07}".sanitised == "␛[31mred␇")
    #expect("a\nb\tc\r\nd\u{0}\u{7F}".sanitised == "a␊b␉c␍␊d␀␡")
    #expect("\u{9B}31m".sanitised == "\u{FFFD}31m")
  }

  @Test("what would reorder or hide text is shown")
  func bidi() {
    #expect("a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}".sanitised == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}")
  }

  @Test("letters, marks and emoji stay")
  func harmless() {
    for text in ["plain", "Grüße", "服务 👩‍💻 👍🏽 🇩🇪", "e\u{301}", "سلام"] { #expect(text.sanitised == text) }
  }

  @Test("a heap of marks is cut, a mark without a letter does not join its neighbour")
  func marks() {
    let zalgo = "a" + String(repeating: "\u{301}", count: 80)
    #expect(zalgo.sanitised.unicodeScalars.count == 5)
    #expect("\u{301}x".sanitised == "\u{FFFD}x")
  }

  @Test("sanitised text has no cluster without width")
  func widths() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar)).sanitised
      #expect(DisplayWidth.of(text) > 0, "U+\(String(value, radix: 16))")
    }
  }
}
