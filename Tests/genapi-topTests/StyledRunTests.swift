import Testing
import TopScreen

@testable import genapi_top

@Suite struct StyledRunTests {
  private func runs(_ cells: [Cell]) -> [StyledRun] {
    StyledRun.runs(of: cells[...], columns: cells.count) { scalar in
      switch scalar.value {
      case 0..<0x20: -1
      case 0x200D, 0x300...0x36F, 0xFE0F: 0
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0x1F300...0x1FAFF: 2
      default: 1
      }
    }
  }

  private func text(_ cells: [Cell]) -> String {
    runs(cells).reduce(into: "") { $0.unicodeScalars.append(contentsOf: $1.text) }
  }

  @Test("neighbours of one style are one run")
  func oneRun() {
    let bold = Style(bold: true)
    let runs = runs([Cell("a"), Cell("b"), Cell("c", bold), Cell("d")])
    #expect(runs.map(\.text.count) == [2, 1, 1])
    #expect(runs.map(\.style) == [Style(), bold, Style()])
  }

  @Test("a wide character takes the place of its right half")
  func wideCharacter() {
    #expect(text([Cell("日"), Cell(""), Cell("│")]) == "日│")
  }

  @Test("a joined emoji is cut to the one the terminal measures like the grid")
  func joinedEmoji() {
    #expect(text([Cell("👩‍👧"), Cell(""), Cell("│")]) == "👩│")
  }

  @Test("a character the terminal shows narrower than the grid is filled up")
  func narrowerThanTheGrid() {
    #expect(text([Cell("⚠️"), Cell(""), Cell("│")]) == "⚠ │")
  }

  @Test("a character the terminal shows wider than the grid becomes a dot")
  func widerThanTheGrid() {
    #expect(text([Cell("日"), Cell("│")]) == "·│")
  }

  @Test("a combining mark stays with its letter")
  func combiningMark() {
    #expect(text([Cell("e\u{301}"), Cell("│")]) == "e\u{301}│")
  }

  @Test("a control character never reaches the terminal", arguments: ["\u{1B}", "\u{7F}", "\r\n", "\u{9B}"])
  func controlCharacter(_ control: String) {
    let shown = StyledRun.runs(of: [Cell(control), Cell("│")][...], columns: 2) { $0.value < 0xA0 ? -1 : 1 }
    #expect(shown.map(\.text) == [["·", "│"]])
  }

  @Test("half a wide character left over is blank")
  func leftOverHalf() {
    #expect(text([Cell(""), Cell("a")]) == " a")
  }

  @Test("columns the terminal does not have are left out")
  func fewerColumns() {
    let runs = StyledRun.runs(of: [Cell("a"), Cell("b"), Cell("c")][...], columns: 2) { _ in 1 }
    #expect(runs.map(\.text) == [["a", "b"]])
  }
}
