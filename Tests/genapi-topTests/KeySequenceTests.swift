import Testing
import TopScreen

@testable import genapi_top

@Suite struct KeySequenceTests {
  @Test("pauses a terminal description asks for are left out of the emergency bytes")
  func padding() {
    #expect(Terminal.withoutPadding("\u{1B}[H$<5/>x") == Array("\u{1B}[Hx".utf8))
  }

  @Test("Home and End are known in every form that terminals send them")
  func forms() {
    for (text, key) in [
      ("[1~", Key(.home)), ("OH", Key(.home)), ("[H", Key(.home)), ("[4~", Key(.end)), ("OF", Key(.end)),
      ("[1;2D", Key(.left, shift: true)),
    ] {
      #expect(KeySequences.common[Array("\u{1B}\(text)".utf8)] == key)
    }
  }
}
