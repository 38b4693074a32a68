import Testing
import TopScreen

@testable import genapi_top

@Suite struct KeyTests {
  @Test("control characters are keys with Ctrl, but for those with a key of their own")
  func controls() {
    #expect(Terminal.key(3) == Key(.character("c"), control: true))
    #expect(Terminal.key(13) == Key(.enter))
    #expect(Terminal.key(9) == Key(.tab))
    #expect(Terminal.key(127) == Key(.backspace))
    #expect(Terminal.key(0) == nil)
  }

  @Test("a character is itself, of any script")
  func characters() {
    #expect(Terminal.key(0x65E5) == Key(.character("日")))
    #expect(Terminal.key(0xD800) == nil)
  }

  @Test("pauses a terminal description asks for are left out of the emergency bytes")
  func padding() {
    #expect(Terminal.withoutPadding("\u{1B}[H$<5/>x") == Array("\u{1B}[Hx".utf8))
  }

  @Test("the sequences that are taught beside the description's are keys the dashboard knows, each once")
  func sequences() {
    for (sequence, key) in KeySequences.all {
      #expect(sequence.hasPrefix("\u{1B}"))
      #expect(Terminal.functionKeys[key] != nil, "\(sequence.dropFirst())")
    }
    #expect(Set(KeySequences.all.map(\.sequence)).count == KeySequences.all.count)
    #expect(KeySequences.all.contains { $0 == "\u{1B}[4~" && Terminal.functionKeys[$1] == Key(.end) })
  }
}
