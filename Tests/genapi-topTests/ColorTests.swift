import Testing
import TopScreen

@testable import genapi_top

@Suite struct ColorTests {
  @Test(
    "the depth follows what the terminal has",
    arguments: [
      (0, false, ColorDepth.mono), (8, false, .ansi(count: 8)), (16, false, .ansi(count: 16)),
      (88, false, .ansi(count: 16)), (256, false, .palette256), (1 << 24, true, .direct),
      (1 << 24, false, .palette256),
    ])
  func depth(colors: Int, isDirect: Bool, expected: ColorDepth) {
    #expect(ColorDepth(colors: colors, isDirect: isDirect) == expected)
  }

  @Test("no colour is the terminal's own at every depth")
  func noColor() {
    for depth in [ColorDepth.mono, .ansi(count: 8), .palette256, .direct] {
      #expect(depth.number(of: nil) == -1)
    }
  }

  @Test("a direct colour is its own number, but for those that mean the eight of the palette")
  func directNumbers() {
    #expect(ColorDepth.direct.number(of: Color(0x12, 0x34, 0x56)) == 0x123456)
    #expect(ColorDepth.direct.number(of: Color(0, 0, 0)) == 0)
    #expect(ColorDepth.direct.number(of: Color(0, 0, 4)) == 8)
  }

  @Test("pure colours find themselves in the palette of 256")
  func paletteNumbers() {
    #expect(ColorDepth.palette256.number(of: Color(255, 0, 0)) == 196)
    #expect(ColorDepth.palette256.number(of: Color(128, 128, 128)) == 244)
    #expect(ColorDepth.palette256.number(of: Color(0, 0, 0)) == 16)
  }

  @Test("with eight colours a light red is still red")
  func ansiNumbers() {
    #expect(ColorDepth.ansi(count: 8).number(of: Color(255, 40, 40)) == 1)
    #expect(ColorDepth.ansi(count: 16).number(of: Color(255, 0, 0)) == 9)
  }

  @Test("the same two colours share a pair, others get the next")
  func pairsAreShared() {
    var pairs = ColorPairs(count: 8)
    let red = ColorPairs.Colors(foreground: 1, background: -1)
    #expect(pairs.pair(for: red) == .new(1))
    #expect(pairs.pair(for: .init(foreground: 2, background: -1)) == .new(2))
    #expect(pairs.pair(for: red) == .known(1))
    #expect(pairs.pair(for: .init(foreground: -1, background: -1)) == .known(0))
  }

  @Test("when all pairs are taken the table says so, and is counted when emptied")
  func pairsAreBounded() {
    var pairs = ColorPairs(count: 3)
    for color in Int32(1)...2 { _ = pairs.pair(for: .init(foreground: color, background: 0)) }
    #expect(pairs.pair(for: .init(foreground: 3, background: 0)) == .full)
    pairs.evictAll()
    #expect(pairs.evictions == 1)
    #expect(pairs.pair(for: .init(foreground: 3, background: 0)) == .new(1))
  }
}
