import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What an operator read wrongly at night")
struct NightShiftTests {
  private func screen(
    _ content: ScreenContent, _ width: Int = 120, _ height: Int = 36,
    _ change: (inout ScreenState) -> Void = { _ in }
  ) -> String {
    screenText(content, width: width, height: height, change)
  }

  private func page(_ content: ScreenContent, _ detail: any Detail, _ width: Int = 120) -> String {
    screen(content, width, 60) { $0.dialogs = [.detail(DetailDialog(.init(detail)))] }
  }

  @Test("failovers stand beside failures: in the pane, by node, compared and on pages")
  func failovers() {
    var content = Sample.content
    var node = NodeRow(
      kind: .service, name: "s1@host", isUp: false, requestsPerSecond: 21, errorPercent: 4.8, p99: 900)
    node.failoverPercent = 95.2
    node.services = ["shop"]
    node.sightings = [NodeRow.Sighting(gateway: "gw1", isUp: false, since: Sample.now - 5_000_000)]
    node.sightings[0].errorPercent = 4.8
    node.sightings[0].failoverPercent = 95.2
    content.nodes.append(node)
    let pane = screen(content) {
      $0.focus = .nodes; $0.isZoomed = true
    }
    #expect(pane.contains("OVER%") && pane.contains("95.2"), "\(pane)")
    let text = page(content, NodeDetail(id: node.id))
    #expect(text.contains("21/s tried, 4.8% failed, 95.2% went on to another node"), "\(text)")
    var numbers = RequestRow(service: "s1@host", requestType: "", requestsPerSecond: 21, errorPercent: 0)
    numbers.failoverPercent = 95.2
    content.requestGroups = RequestGroups(
      .nodes, rows: [RequestGroup(grouping: .nodes, name: "s1@host", numbers: numbers)])
    let groups = screen(content) { $0.settings.requestGrouping = .nodes }
    #expect(groups.contains("OVER%") && groups.contains(" 95.2"), "\(groups)")
    #expect(!groups.contains("in trouble"))
    var change = RowChange()
    change.points("over%", 0, 95.2, share: 0.2)
    change.points("err%", 0, 30)
    #expect(change.parts.map(\.text) == ["err% 0.0→30.0", "over% 0.0→95.2"])
  }

  @Test(
    "refusals that ended say how long ago the last one was, in the pane, its title and on the page",
    arguments: [80, 120])
  func refusals(_ width: Int) {
    var content = Sample.content
    content.limits = [
      LimitRow(
        id: "l", scope: "global", key: "user_id", maxRequests: 300, windowMs: 60_000, rejectionsPerSecond: 18,
        lastRejectionAt: Sample.now - 16_000_000,
        refusing: LimitRow.Refusing(since: Sample.now - 40_000_000))
    ]
    content.limits[0].gateways = ["gw1"]
    func pane() -> String { screen(content, width, 36) { $0.focus = .limits } }
    #expect(pane().contains("last 16s") && pane().contains("16s ago"), "\(pane())")
    #expect(!pane().contains("for 40s"))
    #expect(!page(content, LimitDetail(id: "l"), width).contains("refusing since"))
    content.limits[0].lastRejectionAt = Sample.now
    // Beside others there is no room for how long.
    #expect(pane().contains(width == 80 ? "✗18/s for 40s" : "✗18/s"), "\(pane())")
    content.limits[0].isStale = true
    #expect(pane().contains("stale on gw1") && !pane().contains("18/s refused"), "\(pane())")
    #expect(page(content, LimitDetail(id: "l"), width).contains("as gw1 told it last"))
  }

  private func limit(_ key: LimitRow.Key) -> LimitRow {
    var row = LimitRow(
      id: "l", scope: "global", key: "user_id", maxRequests: 300, windowMs: 60_000, rejectionsPerSecond: 18,
      lastRejectionAt: Sample.now, refusing: LimitRow.Refusing(since: Sample.now - 40_000_000), keys: [key])
    row.gateways = ["gw1"]
    return row
  }

  @Test(
    "a user's page says since when a limit refuses only where it refuses that user now", arguments: [80, 120])
  func whoIsRefused(_ width: Int) {
    var content = Sample.content
    func text(used: Int, refused: Int64, last: Int64 = 0) -> String {
      content.limits = [
        limit(
          LimitRow.Key(
            value: "u_1", node: "gw1", used: used, max: 300, resetMs: 9, rejections: 50, refused: refused))
      ]
      content.limits[0].lastRejectionAt = Sample.now - last
      return page(content, UserDetail(name: "u_1"), width)
    }
    let word = "limit refuses"
    #expect(text(used: 300, refused: 7).contains(word))
    #expect(!text(used: 300, refused: 0).contains(word))
    #expect(!text(used: 20, refused: 7).contains(word))
    #expect(!text(used: 300, refused: 7, last: 20_000_000).contains(word))
  }

  @Test("a limit's page says how many refusals are of keys that are not told", arguments: [80, 120])
  func untoldKeys(_ width: Int) {
    var content = Sample.content
    content.limits = [
      limit(
        LimitRow.Key(value: "u_1", node: "gw1", used: 300, max: 300, resetMs: 9, rejections: 50, refused: 7))
    ]
    let word = "1 073 more refused in"
    func text() -> String { page(content, LimitDetail(id: "l"), width) }
    #expect(!text().contains("more refused"))
    content.limits[0].untoldRefusals = 1_073
    #expect(text().contains(word), "\(text())")
    content.limits[0].untoldRefusals = nil
    #expect(!text().contains("more refused"))
  }

  @Test("a page whose events go back further than its numbers says how many are of the window")
  func eventsOfBefore() {
    var content = Sample.content
    content.breakdown.requests = 900
    content.breakdown.since = Sample.now - 400_000_000
    func text() -> String { page(content, FunctionDetail(id: content.requests[0].id)) }
    #expect(!text().contains("of them in"))
    content.breakdown.inWindow = EventBreakdown.Ends(requests: 60, failed: 0, refused: 2)
    #expect(text().contains("of them in 1m: 60 requests, 0 failed, 2 refused"), "\(text())")
  }

  @Test("a function's last refusal has its age")
  func lastRefusal() {
    var content = Sample.content
    content.requests[0].lastRefusal = "Rate limit exceeded."
    content.requests[0].lastRefusalAt = Sample.now - 300_000_000
    let text = page(content, FunctionDetail(id: content.requests[0].id))
    #expect(text.contains("Rate limit exceeded. (5m ago, before the window)"), "\(text)")
  }

  @Test("what is not kept of the past is said to be so: a dash says that there was none")
  func notKept() {
    var content = Sample.content
    let id = content.requests[0].id
    var row = content.requests[0]
    func text() -> String {
      content.requests[0] = row
      return page(content, FunctionDetail(id: id))
    }
    (row.lastError, row.errorPercent) = (nil, 0)
    #expect(text().contains(/last error +–/) && !text().contains("last refusal"))
    row.errorPercent = 7
    #expect(text().contains(/last error +not told/), "\(text())")
    (row.missesLastError, row.missesLastRefusal) = (true, true)
    #expect(text().contains(/last error +not kept: newer ones came/), "\(text())")
    (row.errorPercent, row.rejectedPercent) = (0, 0)
    #expect(text().contains(/last error +none in 1m; not kept from before/), "\(text())")
    #expect(text().contains(/last refusal +none in 1m; not kept from before/), "\(text())")
    (row.lastError, row.lastErrorAt) = ("gone", Sample.now - 5_000_000)
    (row.lastRefusal, row.lastRefusalAt) = ("full", Sample.now - 5_000_000)
    #expect(text().contains(/gone \(5s ago, (told by .*, )?maybe not the last\)/), "\(text())")
    #expect(text().contains("full (5s ago, maybe not the last)"), "\(text())")
  }

  @Test("of a group's past its messages are a rate, as how many there had been is not kept")
  func groupOfThePast() {
    var content = Sample.content
    var group = GroupState(groupID: "g", groupType: "chat")
    (group.messages, group.lastMessageAt) = (5, Sample.now - 9_000_000)
    content.relay = [RelayRow(node: "gw1", group: group, messagesPerSecond: 3, isStale: false)]
    func text(_ moment: Moment) -> String {
      screen(content, 120, 60) {
        $0.settings.moment = moment
        $0.dialogs = [.detail(DetailDialog(.init(GroupDetail(id: content.relay[0].id))))]
      }
    }
    #expect(text(.live).contains(/messages +5, 3.0.s now/), "\(text(.live))")
    let past = text(.at(Sample.now))
    #expect(past.contains(/messages +3.0.s then/), "\(past)")
    #expect(past.contains(/last message +not kept: newer ones came/), "\(past)")
  }

  @Test("of several limits of one function the key is whole, also beside what ended", arguments: 26...60)
  func limitKeys(_ width: Int) {
    func limit(_ key: ByteText, _ scope: ByteText, rate: Double, last: Int64) -> LimitRow {
      LimitRow(
        id: scope + key, scope: scope, key: key, maxRequests: 100, windowMs: 5_000,
        rejectionsPerSecond: rate, lastRejectionAt: Sample.now - last * 1_000_000)
    }
    var content = ScreenContent()
    content.limits = [
      limit("user_id", "shop/search", rate: 3.8, last: 1),
      limit("ip_address", "shop/search", rate: 7.2, last: 20),
    ]
    let text = TextWriter.write(PaneTests.draw(.limits, content, width: width, height: 6))
    #expect(text.contains("ip_address") && text.contains("user_id") && text.contains("last 20s"), "\(text)")
  }

  @Test("m goes to the pane that it changes, and so do b and c")
  func focus() {
    let desk = Desk()
    desk.type("m")
    #expect(desk.state.focus == .latency && desk.state.settings.latencyMode == .heatMap)
    desk.press(Key(.up))
    #expect(desk.state.heatCursor != nil)
    desk.press(Key(.escape))
    desk.type("b")
    #expect(desk.state.focus == .requests)
    desk.type("c")
    #expect(desk.state.focus == .circuits)
  }

  @Test("a row of the heat map is labelled as what it begins with")
  func heatLabel() {
    let text = screen(Sample.content) {
      $0.settings.latencyMode = .heatMap
      $0.focus = .latency
    }
    #expect(text.contains("≥"), "\(text)")
  }

  @Test(
    "the alerts pane never loses what is measured, and since when only where what it is about needs the room",
    arguments: [(80, 24), (120, 36), (200, 60)])
  func alerts(_ width: Int, _ height: Int) {
    var content = Sample.content
    content.alerts = [
      AlertRow(
        id: "1", rule: "handshakes_refused > 5/s", subject: "gateway-of-the-north-1", isFiring: true,
        value: "62.2/s", since: Sample.now - 47_000_000),
      AlertRow(
        id: "2", rule: "rejected%(*/*) > 20", subject: "order_service create_order_of_a_long_name",
        isFiring: true,
        value: "44.8%", since: Sample.now - 51_000_000),
    ]
    let text = screen(content, width, height) { $0.focus = .alerts }
    for word in ["NOW", "62.2/s", "44.8%"] + (width > 120 ? ["SINCE", "47s", "51s"] : []) {
      #expect(text.contains(word), "\(word)\n\(text)")
    }
  }

  @Test("an alert's history says why, and so does its page")
  func why() {
    var content = Sample.content
    content.alerts = [
      AlertRow(
        id: "1", rule: "node down", subject: "s1@host", isFiring: true, value: "down", since: Sample.now)
    ]
    content.alerts[0].detail = "closed the connection in the handshake, as with another cookie"
    content.episodes = [
      AlertEpisode(alertID: "1", rule: "node down", subject: "s1@host", value: "down", from: Sample.now)
    ]
    content.episodes[0].detail = content.alerts[0].detail
    let text = page(content, AlertDetail(id: "1"))
    #expect(
      text.split(separator: "as with another cookie", omittingEmptySubsequences: false).count == 3, "\(text)")
  }

  @Test("compared with a moment, pools of several gateways keep the gateway's name")
  func node() {
    var content = Sample.content
    content.changes[.circuits] = [:]
    for pool in content.circuits.pools {
      var change = RowChange()
      change.count("svc", 0, 1, weight: 30, isWorseUp: true)
      content.changes[.circuits]?[pool.id] = change
    }
    let text = screen(content) {
      $0.focus = .circuits
      $0.mark = Sample.now - 60_000_000
    }
    let head = text.split(separator: "\n").first { $0.contains("POOL") } ?? ""
    #expect(head.contains("NODE"), "\(text)")
  }

  @Test("what a pool refused for another reason, or before a long pause, is not in the same sum")
  func stretches() {
    func refusal(_ seconds: Int64, _ reason: ByteText) -> EventRow {
      EventRow(
        node: "gw1",
        record: EventRecord(
          sequence: seconds, at: Sample.now - seconds * 1_000_000,
          name: EventName.workerPoolTaskRejected.path,
          measurements: [:],
          metadata: [
            "pool_name": "async_pool", "service": "bill", "request_type": "pay", "reason": .string(reason),
          ]))
    }
    var content = Sample.content
    content.circuits.pools[0].node = "gw1"
    content.circuits.pools[0].state.name = "async_pool"
    content.breakerEvents =
      [refusal(300, "circuit_open"), refusal(299, "circuit_open")]
      + [refusal(3, "queue_full"), refusal(2, "queue_full"), refusal(1, "queue_full")]
    let text = page(content, PoolDetail(id: content.circuits.pools[0].id))
    let line = text.split(separator: "\n").first { $0.contains("bill pay") } ?? ""
    #expect(line.contains("3 refused") && line.contains("queue full"), "\(text)")
  }

  @Test("a pull that fails is in the title, with its reason in the news")
  func pulls() {
    var content = Sample.content
    content.configs.services = [
      ConfigsView.Service(
        service: "catalog", source: "pull", pullFailures: 3, lastError: "nobody listens there")
    ]
    (content.configs.failed, content.configs.changes) = ([], [])
    let text = screen(content) {
      $0.focus = .configs
      $0.isZoomed = true
    }
    #expect(text.contains("1 pull failing") && text.contains("catalog cannot be pulled: nobody"), "\(text)")
  }

  @Test("the hint of what Enter does stays longest, and pages do not change their width with a digit")
  func hints() {
    var content = Sample.content
    content.requests[0].service = "a_service_of_a_very_long_name"
    content.requests[0].requestType = "with_a_function"
    content.function = Sample.function
    let text = screen(content, 80, 24) {
      $0.dialogs = [.detail(DetailDialog(.init(FunctionDetail(id: content.requests[0].id))))]
    }
    #expect(text.contains("Enter follows"), "\(text)")
    func width(_ value: String) -> Int {
      var page = DetailPage(
        DetailDialog(.init(LimitDetail(id: "none"))), content: content, context: PaneContext(), width: 110)
      page.lines = [[Span(value, Style())]]
      return DialogView.wanted(.detail(DetailDialog(.init(LimitDetail(id: "none")))), page: page).width
    }
    #expect(width(String(repeating: "x", count: 72)) == width(String(repeating: "x", count: 76)))
  }

  @Test("requests for functions that do not exist have a row only while there are any")
  func unsupported() {
    var content = Sample.content
    content.requests.append(RequestRow(service: "(unsupported)", requestType: "(any)"))
    #expect(!screen(content).contains("(unsupported)"))
    content.requests[content.requests.count - 1].requestsPerSecond = 2
    #expect(screen(content).contains("(unsuppor"))
  }

  @Test("no cell of the selected row is dim where colours are reversed")
  func selected() {
    var grid = Grid(width: 3, height: 1)
    var dim = Style()
    dim.isDim = true
    grid.draw("abc", at: 0, 0, width: 3, dim)
    var style = Style()
    style.isReversed = true
    grid.highlight(Rect(x: 0, y: 0, width: 3, height: 1), style)
    #expect(grid.cells.allSatisfy { $0.style.isReversed && !$0.style.isDim })
  }

  @Test("a time of day is ahead in a recording that had not begun when it was last, where that is nearer")
  func ahead() {
    // A recording of 01:23:00 to 01:28:30, read up to 01:25:35.
    let day = Int64(1_774_742_400) * 1_000_000
    func at(_ hour: Int64, _ minute: Int64, _ second: Int64 = 0) -> Int64 {
      day + (hour * 3_600 + minute * 60 + second) * 1_000_000
    }
    let (begin, newest) = (at(1, 23), at(1, 25, 35))
    func moment(_ text: String, _ beginning: Int64?) -> Int64? {
      TimeDialog.moment(text, newest: newest, offset: 0, beginning: beginning)
    }
    #expect(moment("01:26:55", begin) == at(1, 26, 55) && moment("01:26:55Z", begin) == at(1, 26, 55))
    #expect(moment("01:24", begin) == at(1, 24))
    // Before it began, and nearer to that than tomorrow is.
    #expect(moment("00:10", begin) == at(0, 10))
    #expect(moment("12:00", begin) == at(12, 0) && moment("12:00", nil) == at(12, 0) - 86_400_000_000)
    // Of a recording that is longer than a day it is the last one there was.
    #expect(moment("01:26:55", begin - 86_400_000_000) == at(1, 26, 55) - 86_400_000_000)
  }

  @Test("a time that the clock skipped is refused in words")
  func skipped() {
    // 2026-03-29 01:00 UTC: from 02:00 to 03:00 in Berlin.
    let change = Int64(1_774_746_000) * 1_000_000
    let offset = ClockOffset(7_200, changes: [.init(at: change, before: 3_600)])
    let newest = change + 600_000_000
    #expect(TimeDialog.moment("02:59:58", newest: newest, offset: offset) == nil)
    #expect(TimeDialog.moment("02:00", newest: newest, offset: offset) == nil)
    #expect(TimeDialog.moment("01:59:58", newest: newest, offset: offset) == change - 2_000_000)
    #expect(TimeDialog.moment("03:00:01", newest: newest, offset: offset) == change + 1_000_000)
    let text = TimeDialog.problem("02:59:58", newest: newest, offset: offset)
    #expect(text == "02:59:58 never was: after 01:59:59 the clock was set on to 03:00:00")
    #expect(TimeDialog.problem("25:00", newest: newest, offset: offset).contains("is no time"))
  }
}
