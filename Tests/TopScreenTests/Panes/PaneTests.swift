import Testing
import TopModel

@testable import TopScreen

@Suite("Panes")
struct PaneTests {
  static let widths = ["narrow": (30, 9), "normal": (60, 12), "wide": (120, 16)]

  @Test(
    "a pane looks as it did, whatever its data and its width", arguments: PaneKind.allCases, Variant.allCases)
  func pane(_ kind: PaneKind, _ variant: Variant) throws {
    for (name, (width, height)) in Self.widths {
      let grid = Self.draw(kind, variant.content, width: width, height: height)
      try expectSnapshot(grid, "\(kind.key)-\(variant.rawValue)-\(name)")
    }
  }

  @Test("every view of the circuits looks as it did", arguments: CircuitView.allCases)
  func circuits(_ view: CircuitView) throws {
    var settings = ViewSettings()
    settings.circuitView = view
    for (name, (width, height)) in Self.widths {
      let grid = Self.draw(.circuits, Sample.content, settings, width: width, height: height)
      try expectSnapshot(grid, "circuits-\(view.rawValue)-\(name)")
      expectExactWidths(Self.draw(.circuits, Sample.hostile, settings, width: width, height: height))
      expectExactWidths(Self.draw(.circuits, ScreenContent(), settings, width: width, height: height))
    }
  }

  @Test("every mode of the latencies looks as it did", arguments: LatencyMode.allCases)
  func latency(_ mode: LatencyMode) throws {
    var settings = ViewSettings()
    settings.latencyMode = mode
    for (name, (width, height)) in Self.widths {
      let grid = Self.draw(.latency, Sample.content, settings, width: width, height: height)
      try expectSnapshot(grid, "latency-\(mode.rawValue)-\(name)")
    }
  }

  @Test("no pane breaks in any size it could get", arguments: PaneKind.allCases)
  func everySize(_ kind: PaneKind) {
    for content in [Sample.content, Sample.hostile] {
      for (width, height) in [
        (1, 1), (2, 2), (3, 3), (5, 4), (9, 5), (14, 6), (16, 4), (23, 7), (41, 8), (301, 40),
      ] {
        expectExactWidths(Self.draw(kind, content, width: width, height: height))
      }
    }
  }

  @Test(
    "numbers of a silent gateway are marked as old", arguments: PaneKind.allCases.filter { $0 != .alerts })
  func stale(_ kind: PaneKind) {
    let text = TextWriter.write(Self.draw(kind, Sample.stale, width: 60, height: 12))
    #expect(text.contains("▲ stale 12s"))
  }

  @Test("an empty pane says why it is empty")
  func empty() {
    let reasons: [PaneKind: String] = [
      .requests: "no requests yet", .limits: "no rate limits configured", .circuits: "no worker pools",
      .configs: "no function configs yet", .relay: "no relay groups", .events: "no events yet",
      .nodes: "no nodes known", .alerts: "no alert rules", .latency: "no finished requests in the last 60s",
    ]
    for (kind, reason) in reasons {
      let text = TextWriter.write(Self.draw(kind, Variant.empty.content, width: 60, height: 8))
      #expect(text.contains(reason))
    }
  }

  @Test("the list scrolls so that the selection shows, and says where one is")
  func scrolling() {
    var content = Sample.content
    content.requests = (0..<100).map { RequestRow(service: "service_\($0)", requestType: "call") }
    var list = ListState()
    list.index = 70
    let grid = Self.draw(.requests, content, width: 60, height: 12, list: list)
    let text = TextWriter.write(grid)
    #expect(text.contains("▸service_70"))
    #expect(text.contains("┃"))
  }

  @Test("more important columns stay when it gets narrow")
  func columns() {
    let head = TextWriter.write(Self.draw(.requests, Sample.content, width: 46, height: 5)).split(
      separator: "\n")[1]
    #expect(head.contains("RPS") && head.contains("ERR%"))
    #expect(!head.contains("MAX") && !head.contains("TREND"))
  }

  static func draw(
    _ kind: PaneKind, _ content: ScreenContent, _ settings: ViewSettings = ViewSettings(), width: Int,
    height: Int,
    list: ListState = ListState()
  ) -> Grid {
    var grid = Grid(width: width, height: height, filledWith: Theme.standard.base)
    var state = ScreenState()
    state.settings = settings
    let context = PaneContext(
      settings: settings, isFocused: true, list: list, at: Sample.now, staleSeconds: content.staleSeconds,
      connectionNote: content.isUnconnected ? "waiting for a gateway" : nil)
    Panes.pane(kind, content: content, state: state)
      .draw(into: &grid, rect: Rect(x: 0, y: 0, width: width, height: height), context: context)
    return grid
  }
}
