import Foundation
import Testing
import TopModel

@testable import TopScreen

@Suite("Whole screens")
struct ScreenTests {
  @Test("a screen looks as it did", arguments: [(80, 24), (120, 36), (200, 60), (60, 20), (30, 5)])
  func screen(width: Int, height: Int) throws {
    var state = ScreenState()
    state.size = ScreenSize(width: width, height: height)
    let grid = ScreenRenderer().render(Sample.content, state: state)
    try expectSnapshot(grid, "screen-\(width)x\(height)")
    try writeANSI(grid, "screen-\(width)x\(height)")
  }

  @Test("whatever the data, a whole screen keeps its widths", arguments: Variant.allCases)
  func variants(_ variant: Variant) throws {
    for (width, height) in [(40, 10), (80, 24), (120, 36), (200, 60)] {
      var state = ScreenState()
      state.size = ScreenSize(width: width, height: height)
      let grid = ScreenRenderer().render(variant.content, state: state)
      expectExactWidths(grid)
      if variant != .normal, width >= 80 {
        try expectSnapshot(grid, "screen-\(variant.rawValue)" + (width == 120 ? "" : "-\(width)x\(height)"))
      }
      try writeANSI(grid, "screen-\(variant.rawValue)-\(width)x\(height)")
    }
  }

  @Test("before any gateway has answered, the screen says what became of each")
  func unconnected() {
    let text = TextWriter.write(ScreenRenderer().render(Variant.error.content, state: ScreenState()))
    #expect(text.contains("○ gw1:4710  next try in 2.1s"))
    #expect(text.contains("connection refused: nothing listens on gw1 port 4710"))
    #expect(text.contains("◌ gw2:4710  connecting"))
  }

  @Test("firing alerts colour the header and are counted there")
  func alerts() {
    var content = Sample.content
    content.header.firingAlerts = 2
    let grid = ScreenRenderer().render(content, state: ScreenState())
    #expect(grid[0, 0].style.background != Theme.standard[.header])
    #expect(TextWriter.write(grid).contains("✖ 2 alerts"))
  }

  @Test("every pane that fills the screen looks as it did", arguments: PaneKind.allCases, Variant.allCases)
  func zoomed(_ pane: PaneKind, _ variant: Variant) throws {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
      var state = ScreenState()
      state.size = ScreenSize(width: width, height: height)
      state.focus = pane
      state.isZoomed = true
      let grid = ScreenRenderer().render(variant.content, state: state)
      try expectSnapshot(grid, "zoomed/\(pane.key)-\(variant.rawValue)-\(width)x\(height)")
    }
  }

  /// To look at in a terminal: the same as ANSI files, in the folder a variable names.
  private func writeANSI(_ grid: Grid, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["SCREEN_ANSI_FOLDER"] else { return }
    try ANSIWriter().write(grid).write(toFile: "\(folder)/\(name).ansi", atomically: true, encoding: .utf8)
  }
}
