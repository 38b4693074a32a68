import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel
@testable import TopScreen

@Suite("Faults that an operator found")
struct OperatorFaultTests {
  private func screen(
    _ content: ScreenContent, _ width: Int, _ height: Int, _ change: (inout ScreenState) -> Void
  ) -> String {
    screenText(content, width: width, height: height, change)
  }

  @Test("the latency pane says how many requests were refused and are not in it")
  func refused() {
    var content = Sample.content
    content.latency.refused = 1_234
    let text = TextWriter.write(PaneTests.draw(.latency, content, width: 110, height: 12))
    #expect(text.contains("without 1.2k refused"), "\(text)")
  }

  @Test(
    "a gateway that refuses all that it is asked has its share on a function's page, though nothing has a latency there"
  )
  func allRefused() {
    var content = Sample.content
    content.function = Sample.function
    content.function?.gateways = [
      FunctionView.Part(node: "gw7", requestsPerSecond: 2, rejectedPercent: 100),
      FunctionView.Part(node: "gw8", requestsPerSecond: 0),
    ]
    let text = screen(content, 120, 50) {
      $0.dialogs = [.detail(DetailDialog(.init(FunctionDetail(id: content.requests[0].id))))]
    }
    let rows = text.split(separator: "\n").filter { $0.contains("gw7 ") || $0.contains("gw8 ") }
    #expect(rows.contains { $0.contains("0.0   100") }, "\(text)")
    #expect(rows.contains { $0.contains("–     –") }, "\(text)")
  }

  @Test("addresses are whole in the limits pane and in its details", arguments: [45, 60, 80, 110])
  func addresses(width: Int) {
    let address: ByteText = "2001:db8:85a3:1234:5678:8a2e:370:7334"
    var content = Sample.content
    content.limits = [
      LimitRow(
        id: "l", scope: "global", key: "ip_address", maxRequests: 100, windowMs: 60_000,
        keys: [
          LimitRow.Key(value: address, node: "gw1", used: 60, max: 100, resetMs: 0, rejections: 3, refused: 3)
        ])
    ]
    let pane = TextWriter.write(PaneTests.draw(.limits, content, width: max(width, 56), height: 8))
    #expect(pane.contains(address.string), "\(pane)")
    let details = screen(content, max(width, 80), 24) {
      $0.dialogs = [.detail(DetailDialog(.init(LimitDetail(id: "l"))))]
    }
    #expect(details.contains(address.string) && details.contains("gw1"), "\(details)")
  }

  @Test("of a gateway that said hello and has sent no numbers yet nothing is said not to be there")
  func numbersOnTheirWay() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var screen = ScreenState()
    screen.size = ScreenSize(width: 160, height: 50)
    func text() -> String { TextWriter.write(ScreenRenderer().render(model: model, state: screen)) }
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: Sample.now)
    model.tick(at: Sample.now + 100_000)
    #expect(text().contains("the first numbers are on their way"))
    for words in ["no rate limits configured", "no worker pools", "no function configs yet"] {
      #expect(!text().contains(words), "\(text())")
    }
    model.fold(
      .frame(.snapshot(at: Sample.now + 200_000, sequence: 0, GatewayState())), of: 0,
      at: Sample.now + 200_000)
    model.tick(at: Sample.now + 300_000)
    #expect(text().contains("no rate limits configured") && !text().contains("on their way"))
  }

  @Test("how often a key was refused is a dash where that is not told, not none", arguments: [80, 120])
  func untoldRefusals(width: Int) {
    var content = Sample.content
    content.limits = [
      LimitRow(
        id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 60_000, rejectionsPerSecond: 18,
        rejections: 900,
        keys: [LimitRow.Key(value: "u_1", node: "gw1", used: 60, max: 100, resetMs: 0, rejections: nil)])
    ]
    let pane = TextWriter.write(PaneTests.draw(.limits, content, width: width, height: 8))
    #expect(pane.contains(/u_1 .*refused +–/), "\(pane)")
  }

  @Test("few refusals a second are yellow, more than five are red, and so it is with a slow p99")
  func thresholds() {
    #expect(Severity.refusals(perSecond: 0.2) == .warn && Severity.refusals(perSecond: 6) == .critical)
    #expect(
      Severity.duration(999_999, usual: .p99) == .p99
        && Severity.duration(1_000_000, usual: .p99) == .critical)
    #expect(Severity.failures(1, of: 1_000) == .warn && Severity.failures(50, of: 1_000) == .critical)
    for theme in [Theme.standard] { #expect(theme[.p99] != theme[.critical]) }
  }

  @Test("a limit's page says field by field which gateway has it otherwise")
  func limitDifferences() {
    var content = Sample.content
    content.limits[0].differences = [
      ConfigDifference(
        requestType: "global user_id", setting: "requests in 60s",
        values: ["gw1": "400", "gw2": "400", "gw3": "300"])
    ]
    let text = screen(content, 80, 24) {
      $0.dialogs = [.detail(DetailDialog(.init(LimitDetail(id: content.limits[0].id))))]
    }
    #expect(
      text.contains("Differences between gateways") && text.contains("requests in 60s  gw3 300, others 400"),
      "\(text)")
  }

  @Test(
    "what configs name and is nowhere is in the panes of configs and nodes, and in their details",
    arguments: [(80, 24), (120, 36)])
  func unresolved(width: Int, height: Int) {
    var content = Sample.content
    content.configs.services[0].unresolved = ["gw2": ["get_user: mfa Nobody.get"]]
    content.configs.services = [content.configs.services[0]]
    content.configs.services[0].comparison = ServiceComparison(service: content.configs.services[0].service)
    let index = content.nodes.firstIndex { $0.kind == .gateway && $0.isUp } ?? 0
    content.nodes[index].unresolved = 1
    let configs = screen(content, width, height) { $0.focus = .configs }
    #expect(configs.contains("name nothing") || configs.contains("1 broken"), "\(configs)")
    #expect(screen(content, width, height) { $0.focus = .nodes }.contains("1 name is nowhere"))
    let page = screen(content, width, height) {
      $0.dialogs = [.detail(DetailDialog(.init(ServiceDetail(name: content.configs.services[0].service))))]
    }
    #expect(page.contains("get_user: mfa Nobody.get"), "\(page)")
  }

  @Test("a service's page says what its fields were before, on which gateway and since when")
  func steps() {
    var content = Sample.content
    let service = content.configs.services[0].service
    content.configSteps = ["gw1", "gw2"].map { gateway in
      ConfigStep(
        at: Sample.now, gateway: gateway, name: "create_order@1.0.0", setting: "timeout", from: "5000 ms",
        to: "3000 ms")
    }
    let text = screen(content, 120, 60) {
      $0.dialogs = [.detail(DetailDialog(.init(ServiceDetail(name: service))))]
    }
    #expect(text.contains("Against what was before"), "\(text)")
    #expect(text.contains("create_order@1.0.0 timeout") && text.contains("5000 ms → 3000 ms"))
    #expect(text.contains("12:04:31 on gw1 gw2"), "\(text)")
  }

  @Test(
    "Enter in a zoomed pane scrolls the details below it, and Esc goes back to the list",
    arguments: [(120, 30), (160, 30)])
  func zoomed(width: Int, height: Int) {
    let desk = Desk(width: width, height: height)
    desk.type("z")
    desk.seat.withLock { seat in
      seat.content.previewed = seat.state.selectedSubject(seat.content)
      // Few rows leave room below them.
      seat.content.requests = Array(seat.content.requests.prefix(3))
      // More than fits below them.
      seat.content.requests[0].lastError = ByteText(String(repeating: "no answer ", count: 400))
    }
    let rows = desk.seat.withLock { $0.content.requests.map(\.requestType.string) }
    desk.press(Key(.enter))
    let text = desk.text
    // The list stays where it is: nothing lies over it.
    for row in rows { #expect(text.contains(row), "\(text)") }
    guard case .detail? = desk.state.dialogs.last else {
      Issue.record("Enter opened nothing")
      return
    }
    let first = desk.text
    desk.press(Key(.pageDown))
    #expect(desk.text != first, "it did not scroll")
    for row in rows { #expect(desk.text.contains(row)) }
    desk.press(Key(.escape))
    #expect(desk.state.dialogs.isEmpty && desk.state.isZoomed)
  }

  @Test(
    "who asks most stands with exact counts, or how far they may be off; names and errors are whole",
    arguments: [(80, 24), (120, 36)])
  func users(width: Int, height: Int) {
    let error =
      "the payment provider answered 503 after three tries, the last of them on node payments-7.eu.example.net"
    var state = GatewayState()
    state.series = [SeriesState(service: "orders", requestType: "create", requests: 9, outcomes: ["ok": 9])]
    state.topUsers = [
      TopUserState(
        service: "orders", requestType: "create", user: "u_few", since: Sample.now, requests: 7, failed: 1),
      TopUserState(
        service: "orders", requestType: "create", user: "u_refused", since: Sample.now, requests: 1_900,
        requestsOver: 12, refused: 1_200),
    ]
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: Sample.now)
    for at in [Sample.now - 1_000_000, Sample.now] {
      model.fold(.frame(.snapshot(at: at, sequence: 0, state)), of: 0, at: at)
    }
    model.fold(
      .frame(
        .event(
          EventRecord(
            sequence: 1, at: Sample.now, name: EventName.executorRequestStop.path,
            measurements: ["duration_us": .int(10)],
            metadata: [
              "request_id": "r", "service": "orders", "request_type": "create", "user_id": "u_few",
              "outcome": "error", "success": false, "error": .string(ByteText(error)),
            ]))), of: 0, at: Sample.now)
    model.tick(at: Sample.now)
    var screen = ScreenState()
    screen.size = ScreenSize(width: width, height: 90)
    let id = RequestRow.id(service: "orders", requestType: "create", version: nil)
    screen.dialogs = [.detail(DetailDialog(.function(id)))]
    let text = TextWriter.write(ScreenRenderer().render(model: model, state: screen))
    #expect(text.contains("Top users, counted by the gateways since 12:04:31"), "\(text)")
    #expect(
      text.contains(/u_refused +1.9k +0 +1.2k +up to 12 less/) && text.contains(/u_few +7 +1 +0 +exact/),
      "\(text)")
    for part in ["503 after three tries, the last", "payments-7.eu.example.net"] {
      #expect(text.contains(part), "\(text)")
    }
  }
}
