import Testing

@testable import TopScreen

@Suite("Output")
struct WriterTests {
  private var grid: Grid {
    var grid = Grid(width: 8, height: 1)
    grid.draw("a<中", at: 0, 0, width: 8, Style(Color(255, 0, 0), on: Color(0, 0, 0), bold: true))
    return grid
  }

  @Test("plain text has no escapes and no blanks at the end of lines")
  func text() {
    #expect(TextWriter.write(grid) == "a<中\n")
  }

  @Test("colours are those the terminal has")
  func ansi() {
    #expect(ANSIWriter(colors: .full).write(grid).hasPrefix("\u{1B}[0;1;38;2;255;0;0;48;2;0;0;0ma<中"))
    #expect(ANSIWriter(colors: .palette256).write(grid).hasPrefix("\u{1B}[0;1;38;5;196;48;5;16ma<中"))
    #expect(ANSIWriter(colors: .ansi16).write(grid).hasPrefix("\u{1B}[0;1;91;40ma<中"))
    #expect(ANSIWriter(colors: .none).write(grid) == "\u{1B}[0;1ma<中\u{1B}[0m    \u{1B}[0m\n")
  }

  @Test("NO_COLOR and TERM decide how many colours there are")
  func support() {
    #expect(ColorSupport(environment: ["NO_COLOR": "1", "COLORTERM": "truecolor"]) == .none)
    #expect(ColorSupport(environment: ["NO_COLOR": "", "COLORTERM": "truecolor"]) == .full)
    #expect(ColorSupport(environment: ["TERM": "xterm-256color"]) == .palette256)
    #expect(ColorSupport(environment: ["TERM": "xterm"]) == .ansi16)
    #expect(ColorSupport(environment: ["TERM": "dumb"]) == .none)
  }

  @Test("every character of an SVG stands in its cell")
  func svg() {
    let svg = SVGWriter().write(grid)
    #expect(svg.contains("<text x=\"8.00\" y=\"21.32\" fill=\"#ff0000\" textLength=\"16.80\""))
    #expect(svg.contains(">a&lt;</text>"))
    #expect(svg.contains("<text x=\"24.80\""))
    #expect(
      svg.contains("textLength=\"16.80\" lengthAdjust=\"spacingAndGlyphs\" font-weight=\"bold\">中</text>"))
    #expect(svg.hasSuffix("</svg>\n"))
  }

  @Test("with --ascii there is nothing but ASCII, and every width stays")
  func ascii() throws {
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    state.usesASCII = true
    for content in [Sample.content, Sample.hostile] {
      let grid = ScreenRenderer().render(content, state: state)
      #expect(
        grid.cells.allSatisfy {
          $0.text.utf8.count == 1 && $0.text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        })
    }
    try expectSnapshot(ScreenRenderer().render(Sample.content, state: state), "screen-ascii")
  }

  @Test("a sign of XML is escaped whatever follows it")
  func marks() {
    for mark in ["", "\u{301}", "\u{200D}", "x"] {
      for (sign, name) in [("<", "&lt;"), (">", "&gt;"), ("&", "&amp;"), ("\"", "&quot;")] {
        #expect(SVGWriter.escaped("a\(sign)\(mark)").utf8.elementsEqual("a\(name)\(mark)".utf8))
      }
    }
  }
}
