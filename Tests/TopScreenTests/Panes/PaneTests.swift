import GenAPITelemetry
import GenAPIValue
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
      try expectSnapshot(
        grid, of: variant, isUsualSize: name == "normal", "\(kind.key)-\(variant.rawValue)-\(name)")
    }
  }

  @Test("every view of the circuits looks as it did", arguments: CircuitMode.allCases)
  func circuits(_ view: CircuitMode) throws {
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
      .nodes: "no nodes known", .alerts: "no alert rules", .latency: "no request ran in the last 60s",
    ]
    for (kind, reason) in reasons {
      let text = TextWriter.write(Self.draw(kind, Variant.empty.content, width: 60, height: 8))
      #expect(text.contains(reason))
    }
  }

  @Test("a gateway that had requests before it was watched is not said to have had none")
  func before() {
    var content = Variant.empty.content
    content.header.requests = 4_202
    let text = TextWriter.write(Self.draw(.requests, content, width: 60, height: 8))
    #expect(text.contains("no requests while it is watched; 4.2k before"), "\(text)")
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

  @Test("what rows are sorted by is on the screen at every width", arguments: RequestGrouping.functions.sorts)
  func sorted(_ sort: RequestSort) {
    let titles: [RequestSort: String] = [
      .worst: "RPS", .service: "SERVICE", .type: "TYPE", .rate: "RPS", .errors: "ERR%", .rejected: "REJ%",
      .inFlight: "FLY",
      .p50: "P50", .p95: "P95", .p99: "P99", .max: "MAX",
    ]
    var settings = ViewSettings()
    settings.requestSort = sort
    for width in 34...200 {
      let head = Self.draw(.requests, Sample.content, settings, width: width, height: 5).spans(row: 1).text
      let title = titles[sort] ?? "?"
      // The names give way on the narrowest panes, down to four letters.
      #expect(head.contains(title.prefix(width < 50 ? 3 : 9)), "\(width): \(head)")
    }
  }

  @Test(
    "how many are rejected is seen wherever there is room for a screen of panes",
    arguments: [80, 100, 120, 160, 200])
  func rejected(_ width: Int) {
    var state = ScreenState()
    state.size = ScreenSize(width: width, height: width == 80 ? 24 : 36)
    #expect(TextWriter.write(ScreenRenderer().render(Sample.content, state: state)).contains("REJ%"))
  }

  @Test(
    "functions that begin alike can be told apart, with one version or several", arguments: [46, 58, 60, 70])
  func alike(_ width: Int) {
    var content = Sample.content
    content.requests = (0..<12).flatMap { number in
      ["1.2.0", "1.3.0"].prefix(number % 2 + 1).map { (version: ByteText) in
        RequestRow(
          service: "catalogue_service", requestType: "get_item_by_number_\(10 + number)", version: version)
      }
    }
    let grid = Self.draw(.requests, content, width: width, height: 30)
    let rows = (2..<2 + content.requests.count).map { grid.spans(row: $0).text.dropFirst(2) }
    #expect(Set(rows).count == rows.count, "\(TextWriter.write(grid))")
  }

  @Test(
    "the breakers' rows name pool and service, and say what their seconds are",
    arguments: [CircuitMode.timeline, .openOnly])
  func breakers(_ view: CircuitMode) {
    var content = Sample.content
    content.circuits.breakers = ["payments_eu", "payments_us"].map { service in
      CircuitsContent.Breaker(
        node: "gw1",
        state: BreakerState(
          pool: "async_pool", service: ByteText(service), node: "users1@127.0.0.1", state: .open,
          since: Sample.now - 1_000_000, openedAt: Sample.now - 90_000_000, probeAt: Sample.now + 19_000_000),
        cooldownLeftMs: 19_000, timeline: [.open])
    }
    var settings = ViewSettings()
    settings.circuitView = view
    let wide = TextWriter.write(Self.draw(.circuits, content, settings, width: 120, height: 8))
    #expect(wide.contains("async") && wide.contains("payments_eu") && wide.contains("payments_us"))
    #expect(wide.contains("OPEN, probe in 19s"))
    if view == .openOnly { #expect(wide.contains("1m 30s") || wide.contains("90s"), "\(wide)") }
    let narrow = Self.draw(.circuits, content, settings, width: 46, height: 8)
    #expect(Set((1...3).map { narrow.spans(row: $0).text }).count == 3)
  }

  @Test("the circuits' title counts as its rows do: half-open is not open")
  func circuitTitle() {
    var content = Sample.content
    content.circuits.pools = [
      CircuitsContent.Pool(node: "gw1", state: PoolState(name: "async_pool", workers: 1, halfOpenServices: 1))
    ]
    content.circuits.breakers = [
      CircuitsContent.Breaker(
        node: "gw1", state: BreakerState(pool: "async_pool", service: "a", state: .halfOpen))
    ]
    let text = TextWriter.write(Self.draw(.circuits, content, width: 60, height: 8))
    #expect(text.contains("◐ 1 svc") && text.contains("◐ 1 half-open") && !text.contains("OPEN"), "\(text)")
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
    kind.type.init(content, state)
      .draw(into: &grid, rect: Rect(x: 0, y: 0, width: width, height: height), context: context)
    return grid
  }
}
