import Foundation
import Testing
import TopModel

@testable import TopScreen

@Suite("Marks of the screen, and the help that explains them")
struct MarkTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// As the manual writes them.
  private static var manual: String {
    ".Bl -tag -width \"(unsupported)\" -compact\n"
      + ScreenMark.allCases.map { mark in
        ".It Li \"\(roff(mark.text(.unicode)))\"\n"
          + roff(mark.meaning.wrapped(to: 120).joined(separator: "\n")) + "\n"
      }.joined() + ".El\n"
  }

  private static func roff(_ text: String) -> String {
    text.unicodeScalars.map {
      $0.isASCII ? String($0) : "\\[u\(String($0.value, radix: 16, uppercase: true).leftPadded)]"
    }
    .joined()
  }

  private static var table: String {
    "\n| mark | says |\n|---|---|\n"
      + ScreenMark.allCases.map { "| `\($0.text(.unicode))` | \($0.meaning) |\n" }.joined() + "\n"
  }

  @Test(
    "the manual and docs/journeys.md have every mark as the help page does",
    arguments: [
      ("docs/genapi-top.1", ".\\\" marks\n", ".\\\" /marks", manual),
      ("docs/journeys.md", "<!-- marks -->\n", "<!-- /marks -->", table),
    ])
  func documents(path: String, begin: String, end: String, expected: String) throws {
    let file = Self.root.appendingPathComponent(path)
    var text = try String(contentsOf: file, encoding: .utf8)
    let from = try #require(text.firstRange(of: begin)).upperBound
    let to = try #require(text.firstRange(of: end)).lowerBound
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      text.replaceSubrange(from..<to, with: expected)
      try text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text[from..<to] == expected, "run the tests once with UPDATE_DOCS=1")
    }
  }

  /// Signs of keys, units, and parts of a frame explain themselves.
  private static let plain = Set("←↑↓␣µ·×")

  private static func isExplained(_ sign: Character) -> Bool {
    guard let first = sign.unicodeScalars.first, first.value > 0x7F else { return true }
    switch first.value {
    // Frames, bars, graphs.
    case 0x2500..<0x25A0, 0x2800..<0x2900: return true
    // Names are of any script, and pictures of control characters stand for what is in them.
    case 0x2400..<0x2427: return ScreenMark.escaped.meaning.contains("character")
    case let value where Unicode.Scalar(value)?.properties.isAlphabetic == true: return true
    case let value where value >= 0x1F000 || value == 0x2764: return true
    default:
      return plain.contains(sign) || ScreenMark.allCases.contains { $0.text(.unicode).contains(sign) }
    }
  }

  @Test("every sign that any screen of the snapshots has is explained")
  func everySign() throws {
    let folder = Self.root.appendingPathComponent("Tests/TopScreenTests/Snapshots")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    var unexplained: [Character: String] = [:]
    var count = 0
    for file in files where file.hasSuffix(".txt") && !file.contains("hostile") {
      count += 1
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for sign in Set(text) where !Self.isExplained(sign) { unexplained[sign] = file }
    }
    #expect(count > 100 && unexplained.isEmpty)
  }

  @Test(
    "every sign of the glyphs is a mark, or a part of frames and graphs",
    arguments: [GlyphSet.unicode, .ascii])
  func everyGlyph(glyphs: GlyphSet) {
    let marks = ScreenMark.allCases.map { $0.text(glyphs) }
    for (name, value) in Mirror(reflecting: glyphs).children {
      guard let sign = value as? String else { continue }
      #expect(marks.contains { $0.contains(sign) }, "\(name ?? ""): \(sign)")
    }
  }

  @Test(
    "the help page loses nothing at any size: every key and mark is there, whole, and none of its lines is cut",
    arguments: [(200, 60), (120, 36), (80, 24), (60, 20), (30, 10)])
  func whole(_ width: Int, _ height: Int) {
    let room = DialogView.helpRoom(in: ScreenSize(width: width, height: height))
    let lines = HelpLines(keyMap: .standard, context: PaneContext(), width: room.width).lines(matching: "")
    #expect(lines.allSatisfy { $0.displayWidth <= room.width })
    func words(_ text: String) -> String { text.filter { $0 != " " && $0 != "\n" } }
    let text = words(lines.map(\.text).joined())
    for told in Command.allCases.map(\.title) + ScreenMark.allCases.map(\.meaning)
      + Journey.allCases.map(\.question)
      + PaneKind.allCases.map(\.title)
    {
      // Beside a long one stand its keys only on its first line.
      #expect(text.contains(words(told)), "\(told)")
    }
  }

  @Test("the help page is scrolled to its last line", arguments: [(120, 36), (80, 24), (60, 20)])
  func scrolled(_ width: Int, _ height: Int) {
    let desk = Desk(width: width, height: height)
    desk.type("?")
    for _ in 0..<80 { desk.press(Key(.pageDown)) }
    let last = ScreenMark.allCases.last?.meaning.split(separator: " ").last ?? ""
    #expect(!last.isEmpty && desk.text.contains(last) && !desk.text.contains("…│"))
  }

  @Test(
    "at 80 columns the line of all panes names each, whatever is wrong in them", arguments: PaneKind.allCases)
  func switcher(focus: PaneKind) {
    var troubles = Troubles()
    (troubles.functions, troubles.refusedPerSecond, troubles.openBreakers) = (100, 17_000, 12)
    (troubles.differing, troubles.down, troubles.firing) = (14, 12, 140)
    for (troubles, glyphs) in [(Troubles(), GlyphSet.unicode), (troubles, .unicode), (troubles, .ascii)] {
      let bar = SwitcherBar(focus: focus, troubles: troubles, theme: .standard, glyphs: glyphs)
      var grid = Grid(width: 80, height: 1)
      bar.draw(into: &grid, rect: Rect(x: 0, y: 0, width: 80, height: 1))
      let line = TextWriter.write(grid)
      for pane in PaneKind.allCases { #expect(line.contains(pane.shortTitle), "\(line)") }
      let isTroubled = troubles.functions > 0
      #expect(!isTroubled || line.contains("140") && line.contains("17k/s"), "\(line)")
    }
  }
}

extension String {
  /// To four digits, as roff wants them.
  fileprivate var leftPadded: String { String(repeating: "0", count: max(0, 4 - count)) + self }
}
