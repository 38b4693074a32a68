import Foundation
import Locking
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
      // The normal ones are compared above.
      if variant != .normal, width == 120 { try expectSnapshot(grid, "screen-\(variant.rawValue)") }
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

  @Test("whoever asks is told of each pane before it is drawn")
  func willDraw() {
    let told = Mutex<[PaneKind]>([])
    var renderer = ScreenRenderer()
    renderer.willDraw = { pane in told.withLock { $0.append(pane) } }
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    _ = renderer.render(Sample.content, state: state)
    #expect(told.withLock { $0 } == state.layout.panes)
  }

  @Test("firing alerts colour the header and are counted there")
  func alerts() {
    var content = Sample.content
    content.header.firingAlerts = 2
    content.header.firesCritical = true
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
      var content = variant.content
      if pane.type.isPreviewed { content.previewed = state.selectedSubject(content) }
      let grid = ScreenRenderer().render(content, state: state)
      try expectSnapshot(
        grid, of: variant, isUsualSize: width == 120,
        "zoomed/\(pane.key)-\(variant.rawValue)-\(width)x\(height)")
    }
  }

  @Test("every view of a zoomed pane looks as it did", arguments: Variant.allCases)
  func views(_ variant: Variant) throws {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
      func expect(_ pane: PaneKind, _ name: String, _ change: (inout ViewSettings) -> Void) throws {
        var state = ScreenState()
        state.size = ScreenSize(width: width, height: height)
        state.focus = pane
        state.isZoomed = true
        change(&state.settings)
        var content = variant.content
        if pane.type.isPreviewed { content.previewed = state.selectedSubject(content) }
        let grid = ScreenRenderer().render(content, state: state)
        try expectSnapshot(
          grid, of: variant, isUsualSize: width == 120, "views/\(name)-\(variant.rawValue)-\(width)x\(height)"
        )
      }
      for view in CircuitMode.allCases where view != .pools {
        try expect(.circuits, "circuits-\(view.rawValue)") { $0.circuitView = view }
      }
      for mode in LatencyMode.allCases where mode != .lines {
        try expect(.latency, "latency-\(mode.rawValue)") { $0.latencyMode = mode }
      }
    }
  }

  @Test("a zoomed list with room has the details of its selected row beside or below it")
  func preview() {
    for (width, height) in [(120, 36), (200, 60)] {
      let desk = Desk(width: width, height: height)
      desk.type("8z")
      desk.seat.withLock { $0.content.previewed = $0.state.selectedSubject($0.content) }
      #expect(desk.text.contains("Gateway gw1"))
      #expect(desk.text.contains("Enter"))
      desk.type("j")
      desk.seat.withLock { $0.content.previewed = $0.state.selectedSubject($0.content) }
      #expect(!desk.text.contains("Gateway gw1"))
    }
  }

  @Test("a list that fills its pane keeps all of it")
  func noPreview() {
    let pane = RequestsPane(
      rows: RequestRows((0..<40).map { RequestRow(service: "s", requestType: "\($0)") }))
    #expect(SelectionPreview.split(Rect(x: 0, y: 1, width: 120, height: 34), for: pane) == nil)
    let short = RequestsPane(rows: RequestRows(Array(pane.rows.prefix(5))))
    let parts = SelectionPreview.split(Rect(x: 0, y: 1, width: 120, height: 34), for: short)
    #expect(parts?.list.height == 8)
    #expect(parts?.preview == Rect(x: 0, y: 9, width: 120, height: 26))
  }

  /// To look at in a terminal: the same as ANSI files, in the folder a variable names.
  private func writeANSI(_ grid: Grid, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["SCREEN_ANSI_FOLDER"] else { return }
    try ANSIWriter().write(grid).write(toFile: "\(folder)/\(name).ansi", atomically: true, encoding: .utf8)
  }
}
