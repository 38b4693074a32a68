import Foundation
import Testing

@testable import TopScreen

/// Compares what is drawn with what was drawn when somebody last looked at it.
///
/// `RECORD_SNAPSHOTS=1 swift test --filter TopScreenTests` writes the files anew: look at the difference before
/// it is committed.
func expectSnapshot(
  _ grid: Grid, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  expectExactWidths(grid, sourceLocation: sourceLocation)
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  let file = folder.appendingPathComponent(name + ".txt")
  let text = TextWriter.write(grid)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let expected = try #require(
    try? String(contentsOf: file, encoding: .utf8), "there is no snapshot \(name); record it",
    sourceLocation: sourceLocation)
  #expect(text == expected, "\(name) looks different:\n\(text)", sourceLocation: sourceLocation)
}

/// Of the normal data every size is compared; of its variants, which the same code lays out, one is enough, and the others
/// keep their widths.
func expectSnapshot(
  _ grid: Grid, of variant: Variant, isUsualSize: Bool, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  if variant == .normal || isUsualSize {
    try expectSnapshot(grid, name, sourceLocation: sourceLocation)
  } else {
    expectExactWidths(grid, sourceLocation: sourceLocation)
  }
}

/// Every row takes exactly the grid's width, every wide character has its two cells, and nothing can move the
/// cursor.
func expectExactWidths(_ grid: Grid, sourceLocation: SourceLocation = #_sourceLocation) {
  for row in 0..<grid.height {
    var width = 0
    var isWhole = true
    for column in 0..<grid.width {
      let text = grid[column, row].text
      let isNextHalf = column + 1 < grid.width && grid[column + 1, row].text.isEmpty
      width += DisplayWidth.of(text)
      if text.isEmpty {
        isWhole = isWhole && column > 0 && DisplayWidth.of(grid[column - 1, row].text) == 2
      } else {
        isWhole = isWhole && text.count == 1 && (DisplayWidth.of(text) == 2) == isNextHalf
        isWhole =
          isWhole && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
      }
    }
    #expect(width == grid.width && isWhole, "row \(row) is \(width) wide", sourceLocation: sourceLocation)
  }
}

/// The whole screen as text, in a state that is changed first.
func screenText(
  _ content: ScreenContent, width: Int, height: Int, _ change: (inout ScreenState) -> Void
) -> String {
  var state = ScreenState()
  state.size = ScreenSize(width: width, height: height)
  change(&state)
  let grid = ScreenRenderer().render(content, state: state)
  expectExactWidths(grid)
  return TextWriter.write(grid)
}
