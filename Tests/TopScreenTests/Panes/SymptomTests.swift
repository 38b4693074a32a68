import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What an operator sees first")
struct SymptomTests {
  private func draw(
    _ content: ScreenContent, width: Int = 120, height: Int = 36,
    _ change: (inout ScreenState) -> Void = { _ in }
  ) -> String {
    screenText(content, width: width, height: height, change)
  }

  @Test("the header says that a gateway drains", arguments: [80, 120])
  func draining(_ width: Int) {
    var content = Sample.content
    content.header.draining = 1
    #expect(draw(content, width: width, height: 24).contains("1 draining"))
  }

  @Test("the help for a wrong token is all there on the smallest screen", arguments: 1...4)
  func token(_ targets: Int) {
    var content = ScreenContent()
    content.header.targets = (1...targets).map { number in
      TargetView(
        address: "gateway-\(number).example.net:4710",
        connection: .down(
          reason: "the gateway refused: the token is not the one that it was given (unauthorized)",
          retryInMs: 4_800),
        absence: .tokenRefused)
    }
    let text = draw(content, width: 80, height: 24)
    for part in ["token_file or", "GENAPI_TOKEN.", "next try in 4.8s"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test("why a gateway is not there is readable beside other panes")
  func stopped() {
    var content = Sample.content
    content.nodes[0].isUp = false
    content.nodes[0].absence = .stopped
    content.nodes[0].detail = "stopped (it said so)"
    #expect(draw(content) { $0.focus = .nodes }.contains("gw1 stopped (it said so)"))
  }

  @Test("with all gateways down the overview says why")
  func allDown() {
    let text = draw(Sample.stale)
    #expect(text.contains("connection reset by peer"))
  }

  @Test(
    "with all gateways down for one reason the overview names the first and says how many more",
    arguments: [80, 120, 200])
  func allDownAlike(_ width: Int) {
    for (count, who) in [(1, ""), (2, "gw1 +1: "), (9, "gw1 +8: ")] {
      var content = Sample.content
      content.header.targets = (1...count).map { number in
        var target = TargetView(
          address: "10.0.0.\(number):4710", node: "gw\(number)",
          connection: .down(reason: "connection refused", retryInMs: 800), lastFrameAt: Sample.now,
          absence: .down)
        target.hasTold = true
        return target
      }
      let head = draw(content, width: width, height: 24).split(separator: "\n")[0]
      #expect(head.contains(who + "connection re"), "\(head)")
    }
  }

  @Test("names with different ends are cut in the middle")
  func names() {
    var content = Sample.content
    content.relay = ["1a", "1b"].map { end in
      RelayRow(node: "gw1", group: GroupState(groupID: "customers-of-the-north-\(end)", groupType: "public"))
    }
    let text = TextWriter.write(PaneTests.draw(.relay, content, width: 30, height: 8))
    #expect(text.contains("1a") && text.contains("1b"), "\(text)")
  }

  @Test("of two alerts that begin alike the rule is cut, not what it is about")
  func alerts() {
    var content = Sample.content
    content.alerts = ["create_order", "cancel_order"].map { type in
      AlertRow(
        id: "\(type)", rule: "p99(order_service/*) > 250ms for 30s over 5m", subject: "order_service \(type)",
        isFiring: true, value: "312ms", since: Sample.now)
    }
    let text = TextWriter.write(PaneTests.draw(.alerts, content, width: 56, height: 8))
    for type in ["order_service create_order", "order_service cancel_order"] {
      #expect(text.contains(type), "\(text)")
    }
    // Where there is no room for all of it, its end is there.
    let narrow = TextWriter.write(PaneTests.draw(.alerts, content, width: 45, height: 8))
    for part in ["ate_order", "cel_order", "312ms", "SINCE"] { #expect(narrow.contains(part), "\(narrow)") }
  }

  @Test("the bar of a key that has to wait is the longest", arguments: [28, 34, 45, 70, 110])
  func bars(_ width: Int) {
    let text = TextWriter.write(PaneTests.draw(.limits, Sample.content, width: width, height: 10))
    let bars = ["u_17", "u_4 ", "u_99"].map { name in
      text.split(separator: "\n").first { $0.contains(name) }?.filter { "━╸".contains($0) }.count ?? 0
    }
    #expect(bars[0] > 0 && bars[0] >= bars[1] && bars[1] >= bars[2], "\(text)")
    // How long it waits has another mark than what is refused.
    #expect(text.split(separator: "\n").first { $0.contains("u_17") }?.contains("✗") == false, "\(text)")
  }

  @Test("that events were lost stays in the line at the top of 80 columns, whatever else is there")
  func lostStays() {
    var content = Sample.content
    content.header.lost = 1_234
    var state = ScreenState()
    state.size = ScreenSize(width: 80, height: 24)
    state.recordedBytes = 3_400_000
    for filter in ["", "service:user_service node:gw1"] {
      state.settings.filter = (try? FilterExpression(parsing: filter)) ?? FilterExpression()
      let line = TextWriter.write(ScreenRenderer().render(content, state: state)).prefix { $0 != "\n" }
      #expect(line.contains("lost 1 234"), "\(line)")
    }
  }

  @Test("help says of each key what it does: ^C quits, whatever is open")
  func quitting() {
    let lines = HelpLines(keyMap: .standard, context: PaneContext(), width: 100).lines(matching: "quit")
      .map(\.text)
    #expect(lines.contains { $0.hasPrefix("^C ") && $0.hasSuffix("Quit, whatever is open") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("q ") && $0.contains("close the page") && !$0.contains("^C") })
  }

  @Test("what comes as often as a number says is written in one form, in the panes as in the help")
  func times() {
    #expect(ScreenMark.share.text(.unicode).hasPrefix("×"))
    for mode in [CircuitMode.openOnly, .timeline] {
      var settings = ViewSettings()
      settings.circuitView = mode
      let text = TextWriter.write(PaneTests.draw(.circuits, Sample.content, settings, width: 120, height: 10))
      #expect(text.contains("×1") && !text.contains("1×"), "\(text)")
    }
  }

  @Test("a half-open breaker is not called open")
  func halfOpen() {
    var content = Sample.content
    content.circuits.breakers = content.circuits.breakers.filter { $0.state.state == .halfOpen }
    for index in content.circuits.pools.indices {
      content.circuits.pools[index].state.breaker = .halfOpen
      content.circuits.pools[index].cooldownLeftMs = nil
    }
    let text = TextWriter.write(PaneTests.draw(.circuits, content, width: 120, height: 10))
    #expect(text.contains("half-open, 1 may try"))
    #expect(!text.contains("OPEN,") && !text.contains("1 OPEN"), "\(text)")
  }

  @Test("while the window fills its panes say how much of it they are about")
  func filling() {
    var content = Sample.content
    content.header.watchedSeconds = 2
    #expect(draw(content).contains("Requests 2s of 1m"))
    content.header.watchedSeconds = 60
    #expect(draw(content).contains("Requests 1m ─"))
  }

  @Test("each line of the latencies has its name at its end", arguments: [false, true])
  func labels(ascii: Bool) {
    var context = PaneContext(glyphs: ascii ? .ascii : .unicode)
    context.isFocused = true
    var grid = Grid(width: 60, height: 12)
    LatencyPane(view: Sample.content.latency)
      .draw(into: &grid, rect: Rect(x: 0, y: 0, width: 60, height: 12), context: context)
    let text = TextWriter.write(grid).split(separator: "\n").dropFirst().joined(separator: "\n")
    for name in ["p50", "p95", "p99"] { #expect(text.contains(name)) }
  }

  @Test(
    "on a small screen a line says what is wrong in every pane", arguments: [(80, 24), (60, 20), (100, 40)])
  func tabs(width: Int, height: Int) {
    var content = Sample.content
    content.troubles.openBreakers = 2
    content.troubles.refusedPerSecond = 38
    content.troubles.down = 1
    content.troubles.differing = 3
    let line = draw(content, width: width, height: height).split(
      separator: "\n", omittingEmptySubsequences: false)[1]
    for mark in ["▲38/s", "○2", "○1", "≠3"] { #expect(line.contains(mark), "\(line)") }
  }

  @Test("a trace whose beginning is gone says so, and reckons its start from what it took")
  func cutTrace() {
    var content = Sample.content
    let stop = EventRow(
      node: "gw1",
      record: EventRecord(
        sequence: 2, at: Sample.now, name: EventName.executorRequestStop.path,
        measurements: ["duration_us": 250_000],
        metadata: ["request_id": "r", "outcome": "ok", "service": "s"]))
    let retry = EventRow(
      node: "gw1",
      record: EventRecord(
        sequence: 1, at: Sample.now - 50_000, name: EventName.executorRetry.path,
        metadata: ["request_id": "r"]))
    content.trace = [retry, stop]
    let page = DetailPage(
      DetailDialog(.request("r")), content: content, context: PaneContext(at: Sample.now), width: 100)
    let text = page.lines.map(\.text).joined(separator: "\n")
    #expect(text.contains("beginning is not kept"))
    #expect(text.contains("+200ms") && text.contains("+250ms"), "\(text)")
    content.trace = [retry]
    let rest = DetailPage(
      DetailDialog(.request("r")), content: content, context: PaneContext(at: Sample.now), width: 100)
    #expect(rest.lines.contains { $0.text.contains("offsets are from the first event") })
    #expect(!rest.lines.contains { $0.text.hasPrefix("started") && $0.text.contains(":") })
  }

  @Test("copied details say what they are of, where and when")
  func copied() {
    let desk = Desk()
    desk.press(.character("1"), Key(.enter), .character("y"))
    guard case .copy(let text)? = desk.actions.first else {
      return #expect(Bool(false), "nothing was copied")
    }
    #expect(text.hasPrefix("user_service get_user  gw1 gw2  2026-03-14 12:04:31"), "\(text)")
  }

  @Test("a copied row says what it is of, where, when and with which filter", arguments: PaneKind.allCases)
  func copiedRow(_ pane: PaneKind) throws {
    let desk = Desk()
    try desk.seat.withLock { $0.state.settings.filter = try FilterExpression(parsing: "service:*") }
    desk.press(.character(pane.digit!), .character("y"))
    guard pane != .latency else { return #expect(desk.actions.isEmpty) }
    guard case .copy(let text)? = desk.actions.first else {
      return #expect(Bool(false), "nothing was copied")
    }
    let lines = text.split(separator: "\n")
    #expect(lines.count >= 2)
    #expect(lines[0].hasPrefix("\(pane.title) 1m  gw1 gw2  2026-03-14 12:04:31"), "\(text)")
    #expect(lines[0].hasSuffix("filter service:*"))
  }

  @Test(
    "on a small screen the calls that opened a breaker stand above what it refuses, and both above the fold")
  func cause() {
    var content = Sample.content
    let breaker = content.circuits.breakers[0]
    content.breakerEvents = (0..<20).map { number in
      let name: EventName = number < 12 ? .executorRequestStop : .workerPoolTaskRejected
      return EventRow(
        node: breaker.node,
        record: EventRecord(
          sequence: Int64(number), at: breaker.state.since + Int64(number - 12) * 1_000_000, name: name.path,
          metadata: [
            "request_id": .string("r\(number)"), "service": "order_service", "request_type": "create_order",
            "outcome": "error", "success": false, "pool_name": .string(breaker.state.pool),
          ]))
    }
    for number in 0..<8 {
      var row = content.breakerEvents[number + 4]
      row.record = EventRecord(
        sequence: 100 + Int64(number), at: row.record.at, name: EventName.workerPoolTaskException.path,
        metadata: [
          "request_id": .string("r\(number + 4)"), "pool_name": .string(breaker.state.pool),
          "service": "order_service",
        ])
      content.breakerEvents.append(row)
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 80, height: 24)
    state.focus = .circuits
    state.dialogs = [.detail(DetailDialog(.init(BreakerDetail(id: breaker.id))))]
    let text = TextWriter.write(ScreenRenderer().render(content, state: state))
    let failed = text.firstRange(of: "before it opened")
    let refused = text.firstRange(of: "What it refuses")
    #expect(failed != nil && refused != nil && failed!.lowerBound < refused!.lowerBound, "\(text)")
  }

  @Test(
    "a date is the calendar's",
    arguments: [
      (0, "1970-01-01 00:00:00"), (951_782_400_000_000, "2000-02-29 00:00:00"),
      (-1_000_000, "1969-12-31 23:59:59"), (1_735_689_599_000_000, "2024-12-31 23:59:59"),
    ] as [(Int64, String)])
  func date(time: Int64, text: String) { #expect(TimeText.date(time) == text) }

  @Test("numbers that get a digit more move nothing in the header")
  func steady() {
    var content = Sample.content
    var columns: Set<Int> = []
    for (requests, events, lost) in [(9.0, 99.0, Int64(0)), (999, 9_999, 9), (12_345, 123_456, 9_999)] {
      content.header.requestsPerSecond = requests
      content.header.eventsPerSecond = events
      content.header.lost = lost
      let line = draw(content).split(separator: "\n")[0]
      columns.insert(line.distance(from: line.startIndex, to: line.firstRange(of: "lost")!.lowerBound))
    }
    #expect(columns.count == 1)
  }

  @Test("the columns of events do not move with the rows that come and go")
  func columns() {
    var content = Sample.content
    content.eventWidths = EventWidths(ClusterModel(targets: ["gw1:4710"]))
    content.eventWidths?.service = 20
    content.eventWidths?.type = 22
    let all = TextWriter.write(PaneTests.draw(.events, content, width: 160, height: 8))
    content.events = content.events.filter { $0.record.service == "user_service" }
    let some = TextWriter.write(PaneTests.draw(.events, content, width: 160, height: 8))
    func place(_ text: String) -> Int? {
      text.split(separator: "\n").last { $0.contains("get_user") }.map { line in
        line.distance(from: line.startIndex, to: line.firstRange(of: "get_user")!.lowerBound)
      }
    }
    #expect(place(all) == place(some))
  }
}
