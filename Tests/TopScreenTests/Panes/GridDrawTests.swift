import Testing

@testable import TopScreen

@Suite("Drawing")
struct GridDrawTests {
  @Test("a wide character never spills over its field or the screen")
  func wideAtTheEdge() {
    var grid = Grid(width: 4, height: 1)
    grid.draw("a中中", at: 0, 0, width: 4, Style())
    #expect(TextWriter.write(grid) == "a中…\n")
    grid.draw("中", at: 3, 0, width: 2, Style())
    expectExactWidths(grid)
  }

  @Test("painting over half of a wide character takes the other half away")
  func halves() {
    for column in 0..<4 {
      var grid = Grid(width: 4, height: 1)
      grid.draw("中中", at: 0, 0, width: 4, Style())
      grid.draw("x", at: column, 0, width: 1, Style())
      expectExactWidths(grid)
      grid.draw("字", at: 1, 0, width: 2, Style())
      expectExactWidths(grid)
    }
  }

  @Test("what lies outside is ignored")
  func outside() {
    var grid = Grid(width: 3, height: 2)
    grid.draw("abc", at: -1, 0, width: 3, Style())
    grid.draw("abc", at: 2, 5, width: 3, Style())
    grid.fill(Rect(x: -5, y: -5, width: 100, height: 6), Style(), with: "x")
    #expect(TextWriter.write(grid) == "xxx\n\n")
  }

  @Test("a box has rounded corners and gives way with its right title first")
  func box() {
    var grid = Grid(width: 20, height: 3)
    grid.box(
      Rect(x: 0, y: 0, width: 20, height: 3), border: Style(), left: [Span("1 Left")], right: [Span("right")],
      glyphs: .unicode)
    #expect(TextWriter.write(grid) == "╭1 Left ─── right ─╮\n│                  │\n╰──────────────────╯\n")
    var small = Grid(width: 10, height: 2)
    small.box(
      Rect(x: 0, y: 0, width: 10, height: 2), border: Style(), left: [Span("1 Left")], right: [Span("right")],
      glyphs: .unicode)
    #expect(TextWriter.write(small) == "╭1 Left ─╮\n╰────────╯\n")
  }

  @Test("bars show halves of a column, and anything above zero")
  func bars() {
    #expect(GlyphSet.unicode.bar(0.5, width: 5) == ("━━╸", "──"))
    #expect(GlyphSet.unicode.bar(0.001, width: 4) == ("╸", "───"))
    #expect(GlyphSet.unicode.bar(.nan, width: 3) == ("", "───"))
    #expect(GlyphSet.unicode.bar(7, width: 3) == ("━━━", ""))
  }

  @Test("sparklines show the shape, and nothing where there is nothing")
  func sparklines() {
    #expect(GlyphSet.unicode.sparkline([0, 5, 10], width: 5) == "  ▁▄▇")
    #expect(GlyphSet.unicode.sparkline([0, 0], width: 2) == "▁▁")
    #expect(GlyphSet.unicode.sparkline([], width: 3) == "   ")
    #expect(GlyphSet.unicode.sparkline([-1, -1, 0, 10], width: 4) == "  ▁▇")
    #expect(GlyphSet.unicode.sparkline([-1, -1, -1, 5, 10, 10], width: 3) == " ▄▇")
    #expect(GlyphSet.unicode.sparkline((0..<100).map(Double.init), width: 4).count == 4)
  }

  @Test("a line of dots reaches both of its ends")
  func braille() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    canvas.line(from: (0, 3), to: (3, 0), Style())
    var grid = Grid(width: 2, height: 1)
    canvas.draw(into: &grid, at: 0, 0, ascii: false)
    #expect(TextWriter.write(grid) == "⡠⠊\n")
  }

  @Test("an axis ends at round values above and below")
  func axis() {
    let axis = LatencyAxis(values: [1_400, 310_000])
    #expect(axis.low == 1_000 && axis.high == 500_000)
    #expect(axis.fraction(1_000) == 0 && axis.fraction(500_000) == 1)
    #expect(axis.ticks(rows: 12).map(\.value).contains(10_000))
    #expect(LatencyAxis(values: []).high == 5)
    #expect(LatencyAxis(values: [.max]).high >= LatencyAxis(values: [.max]).low)
  }
}
