import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Comparing with a moment")
struct CompareTests {
  private func compared(_ pane: PaneKind, _ change: (inout ScreenContent) -> Void) -> (
    content: ScreenContent, state: ScreenState
  ) {
    var (content, state) = (Sample.content, ScreenState())
    let before = content
    change(&content)
    state.size = ScreenSize(width: 200, height: 60)
    state.focus = pane
    state.mark = Sample.now - 420_000_000
    content.changes[pane] = pane.type.compare(before, content)
    content.latencyBefore = before.latency
    return (content, state)
  }

  private func draw(_ content: ScreenContent, _ state: ScreenState) -> String {
    let grid = ScreenRenderer().render(content, state: state)
    expectExactWidths(grid)
    return TextWriter.write(grid)
  }

  @Test("what changed most stands first, with what it was and what it is")
  func requests() {
    let (content, state) = compared(.requests) {
      $0.requests[3].errorPercent = 12.4
      $0.requests[5].requestsPerSecond = 6.8
    }
    let rows = RequestsPane(content, state).rows
    #expect(rows[0].id == content.requests[3].id && rows[1].id == content.requests[5].id)
    #expect(Array(rows.dropFirst(2)).map(\.id) == [0, 1, 2, 4, 6].map { content.requests[$0].id })
    let text = draw(content, state)
    for part in ["▼CHANGE", "err% 0.2→12.4", "rps 3.4→6.8", "2 changed", "vs ◆11:57:31"] {
      #expect(
        text.contains(part) || text.contains(part.replacing("▼CHANGE", with: "CHANGE▼")), "\(part)\n\(text)")
    }
  }

  @Test("every pane says what became of its rows")
  func panes() {
    var got: [PaneKind: (ScreenContent, ScreenState)] = [:]
    got[.circuits] = compared(.circuits) { $0.circuits.pools[0].state.breaker = .open }
    got[.nodes] = compared(.nodes) { $0.nodes[0].isUp = false }
    got[.configs] = compared(.configs) { $0.configs.services[0].versions = ["gw1": "4.0.0"] }
    got[.limits] = compared(.limits) { $0.limits[0].rejectionsPerSecond = 140 }
    got[.relay] = compared(.relay) { $0.relay[0].group.pending += 5 }
    got[.alerts] = compared(.alerts) { content in
      for index in content.alerts.indices { content.alerts[index].isFiring.toggle() }
    }
    let texts: [PaneKind: String] = [
      .circuits: "closed→OPEN", .nodes: "up→down", .configs: "3.2.0→4.0.0", .limits: "refused 14/s→140/s",
      .relay: "pnd ", .alerts: "fires now",
    ]
    for (pane, (content, state)) in got {
      #expect(draw(content, state).contains(texts[pane]!), "\(pane)")
    }
  }

  @Test("the latencies say what they were, and the mark lies on the line of times")
  func latency() {
    var (content, state) = compared(.latency) { $0.latency.p99 = 900_000 }
    state.settings.window = .fifteenMinutes
    content.latency.windowSeconds = 900
    content.timeMarks = [
      TimeMark(at: Sample.now - 60_000_000, kind: .breaker, label: "gw1 stream_pool open"),
      TimeMark(at: Sample.now - 300_000_000, kind: .config, label: "order_service 1.0.4 to 1.1.0"),
      TimeMark(at: Sample.now - 2_000_000_000, kind: .alert, label: "long ago"),
    ]
    let text = draw(content, state)
    #expect(text.contains("900ms was 77.0ms"), "\(text)")
    let axis = text.split(separator: "\n").first { $0.contains("◆") && $0.contains("○") } ?? ""
    #expect(axis.contains("+") && !axis.contains("now") && !axis.contains("-15m"), "\(axis)")
    #expect(text.contains("-15m") && text.contains(" now "))
  }

  @Test("D, a time and Enter set the mark; Esc takes it away")
  func keys() {
    let desk = Desk()
    desk.seat.withLock { $0.content.header.oldestAt = Sample.now - 900_000_000 }
    desk.type("D7m")
    #expect(desk.text.contains("Compare with"))
    desk.press(Key(.enter))
    #expect(desk.state.mark == Sample.now - 420_000_000 && desk.state.dialogs.isEmpty)
    #expect(desk.state.sort(of: .requests) == ColumnSort("change", isRising: false))
    desk.type("8s")
    #expect(desk.state.sort(of: .nodes)?.column == "node")
    desk.press(Key(.escape))
    #expect(desk.state.mark == nil && desk.state.sort(of: .requests) == nil)
  }

  @Test("what happened can be picked as the mark, and the mark taken away where it was set")
  func picked() {
    let desk = Desk()
    desk.seat.withLock {
      $0.content.header.oldestAt = Sample.now - 900_000_000
      $0.content.names.moments = [
        TimeMark(at: Sample.now - 33_000_000, kind: .alert, label: "p99 > 1s charge")
      ]
    }
    desk.type("Dcharge")
    #expect(desk.text.contains("p99 > 1s charge"))
    desk.press(Key(.enter))
    #expect(desk.state.mark == Sample.now - 33_000_000)
    desk.type("D")
    desk.press(Key(.enter))
    #expect(desk.state.mark == nil)
    desk.type("Dnonsense")
    desk.press(Key(.enter))
    #expect(desk.state.mark == nil && desk.state.message?.kind == .warning)
  }

  @Test("a moment before all that is kept becomes the oldest that is, and says so")
  func oldest() {
    let desk = Desk()
    desk.seat.withLock { $0.content.header.oldestAt = Sample.now - 100_000_000 }
    desk.type("D7m")
    desk.press(Key(.enter))
    #expect(desk.state.mark == Sample.now - 100_000_000)
    #expect(desk.state.message?.text.contains("oldest") == true)
  }

  @Test("from nothing to what is shown as nothing is no change")
  func nothing() {
    var change = RowChange()
    change.ratio("rps", 0, 0.01, weight: 3, NumberText.short)
    change.ratio("refused", 0, 0.01, weight: 3) { NumberText.short($0) + "/s" }
    #expect(change.parts.isEmpty)
    change.ratio("rps", 0, 0.1, weight: 3, NumberText.short)
    #expect(change.parts.count == 1)
  }

  @Test("what vanished since the mark is shown as gone, muted, and nothing counts it")
  func gone() {
    for pane in PaneKind.allCases where ![.latency, .events, .alerts].contains(pane) {
      var (content, state) = (Sample.content, ScreenState())
      let before = content
      content.requests.removeFirst()
      content.limits.removeFirst()
      content.circuits.pools.removeFirst()
      content.configs.services.removeFirst()
      content.relay.removeFirst()
      content.nodes.removeFirst()
      state.size = ScreenSize(width: 200, height: 60)
      state.focus = pane
      state.mark = Sample.now - 420_000_000
      content.changes[pane] = pane.type.compare(before, content)
      let rows = pane.type.init(content, state).rowIDs.count
      pane.type.keepGone(before, &content)
      #expect(pane.type.init(content, state).rowIDs.count > rows, "\(pane)")
      let text = draw(content, state)
      #expect(text.contains(" gone"), "\(pane)\n\(text)")
    }
    var (content, before) = (Sample.content, Sample.content)
    content.alerts.removeAll()
    before.alerts[0].isFiring = true
    #expect(
      AlertsPane.changes(from: before.alerts, to: content.alerts)?[before.alerts[0].id]?.parts[0].text
        == "fired then")
  }

  @Test("in a narrow pane what a row is now is whole, without what it was", arguments: [28, 30, 34])
  func narrow(width: Int) {
    var content = Sample.content
    let before = content
    content.circuits.pools[0].rejectionsPerSecond = 1234
    content.circuits.pools[1].state.breaker = .closed
    content.configs.services[0].pullFailures = 13
    content.relay[0].group.pending += 500
    content.limits[0].rejectionsPerSecond = 140
    let texts: [PaneKind: [String]] = [
      .circuits: ["rej/s→1.2k", "→closed"], .configs: ["→13"], .relay: ["pnd"], .limits: ["→140/s"],
    ]
    for (pane, wanted) in texts {
      var context = PaneContext(at: Sample.now)
      context.mark = Sample.now - 420_000_000
      context.changes = pane.type.compare(before, content)
      var grid = Grid(width: width, height: 12)
      pane.type.init(content, ScreenState())
        .draw(into: &grid, rect: Rect(x: 0, y: 0, width: width, height: 12), context: context)
      let text = TextWriter.write(grid)
      for part in wanted { #expect(text.contains(part), "\(pane) \(width)\n\(text)") }
      if pane == .limits { #expect(text.contains("global"), "\(text)") }
      // No number is cut.
      #expect(!text.contains("→…"), "\(text)")
    }
  }

  @Test("workers and time lines say what became of their rows", arguments: [CircuitMode.workers, .timeline])
  func circuitViews(_ mode: CircuitMode) {
    var content = Sample.content
    let before = content
    content.circuits.pools[0].state.busy = 31
    content.circuits.breakers[0].state.state = .closed
    for width in [30, 60, 120] {
      var context = PaneContext(at: Sample.now)
      context.settings.circuitView = mode
      context.changes = CircuitsPane.compare(before, content)
      var state = ScreenState()
      state.settings.circuitView = mode
      var grid = Grid(width: width, height: 12)
      CircuitsPane(content, state)
        .draw(into: &grid, rect: Rect(x: 0, y: 0, width: width, height: 12), context: context)
      let text = TextWriter.write(grid)
      #expect(text.contains(mode == .workers ? "→31" : "→closed"), "\(width)\n\(text)")
    }
  }
}
