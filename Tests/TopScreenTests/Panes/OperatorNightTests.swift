import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What an operator could not tell at night")
struct OperatorNightTests {
  private func alerts(_ subjects: [(rule: ByteText, subject: ByteText, value: ByteText)]) -> [AlertRow] {
    subjects.enumerated().map { index, alert in
      AlertRow(
        id: "\(index)", rule: alert.rule, subject: alert.subject, isFiring: true, value: alert.value,
        since: Sample.now - 19_000_000, isCritical: true)
    }
  }

  /// The alerts as a small terminal has them: in two fifths of 80 columns.
  private func small(_ rows: [AlertRow]) -> [String] {
    var content = Sample.content
    content.alerts = rows
    return TextWriter.write(PaneTests.draw(.alerts, content, width: 36, height: 12))
      .split(separator: "\n").map(String.init)
  }

  @Test("at 80 columns six breakers of two services on two nodes are told apart, without their hosts")
  func breakers() {
    var subjects: [(ByteText, ByteText, ByteText)] = []
    for gateway in ["g1", "g2", "g3"] {
      for node in ["app1", "app2"] {
        subjects.append(
          ("breaker open", "\(gateway) async_pool bank on \(node)@127.0.0.1", "open"))
      }
    }
    let lines = small(alerts(subjects)).joined(separator: "\n")
    for gateway in ["g1", "g2", "g3"] {
      for node in ["app1", "app2"] {
        #expect(lines.contains("\(gateway) bank on \(node)"), "\(lines)")
      }
    }
  }

  @Test("at 80 columns what any alert holds for is read, and what it measures where there is room")
  func kinds() {
    let rows = alerts([
      ("error% > 5", "order_service/create_order", "7.8%"), ("node down", "app2@127.0.0.1", "down"),
      ("p99 > 1s for 30s", "payment/charge", "1.24s"), ("rejects > 5/s", "global user_id", "14/s"),
      ("config mismatch", "shop", "2 versions"), ("pool full", "g1 stream_pool", "41 wait"),
      ("breaker open", "g1 async_pool worker 7", "open"), ("gateway unready", "g1", "descriptors"),
    ])
    let lines = small(rows).joined(separator: "\n")
    for subject in [
      "order_", "e_order", "app2", "payment/charge", "global user_id", "shop", "stream_pool",
      "orker 7",
    ] {
      #expect(lines.contains(subject), "\(subject)\n\(lines)")
    }
    // Where all is short nothing goes.
    let short = small(alerts([("p99 > 1s", "shop/get", "1.24s")])).joined(separator: "\n")
    #expect(short.contains("shop/get") && short.contains("1.24s") && short.contains("19s"), "\(short)")
  }

  @Test("nothing goes of what alerts hold for that alone tells two of them apart")
  func apart() {
    func texts(_ subjects: [ByteText]) -> [String] {
      let rows = alerts(subjects.map { ("breaker open", $0, "open") })
      let short = AlertSubjectTexts(rows, room: 4)
      return rows.map { short[$0] }
    }
    #expect(
      texts(["g1 async bank on app@a", "g1 async shop on app@a"]) == ["g1 bank on app", "g1 shop on app"])
    let hosts: [ByteText] = ["g1 async bank on app@a", "g1 async bank on app@b"]
    #expect(texts(hosts) == hosts.map(\.string))
    #expect(
      texts(["g1 async bank on app@a", "g1 stream bank on app@a"])
        == ["g1 async bank on app", "g1 stream bank on app"])
    #expect(
      texts(["g1 async bank", "g1 async", "g1 async worker 3"]) == [
        "g1 bank", "g1 async", "g1 async worker 3",
      ])
  }

  @Test("requests for what does not exist are a group only while there are any, and take no room from names")
  func unsupported() {
    func group(_ grouping: RequestGrouping, rate: Double) -> String {
      let desk = Desk()
      desk.seat.withLock { seat in
        seat.state.settings.requestGrouping = grouping
        let rows = ["users", "(unsupported)"].map { (name: ByteText) in
          RequestGroup(
            grouping: grouping, name: name, functions: name == "users" ? 3 : nil,
            numbers: RequestRow(
              service: name, requestType: "", requestsPerSecond: name == "users" ? 3 : rate,
              errorPercent: rate > 0 ? 100 : 0))
        }
        seat.content.requestGroups = RequestGroups(grouping, rows: rows)
      }
      return desk.text
    }
    for grouping in [RequestGrouping.services, .versions] {
      #expect(!group(grouping, rate: 0).contains("(uns"))
      #expect(group(grouping, rate: 2).contains("(uns"))
    }
    var content = Sample.content
    content.requests = [
      RequestRow(service: "demo", requestType: "create_one_thing", version: "1.0.0", requestsPerSecond: 4),
      RequestRow(
        service: "(unsupported)", requestType: "(any)", requestsPerSecond: 2, errorPercent: 100, p50: 1),
    ]
    let head = screenText(content, width: 120, height: 36) { _ in }
    content.requests.removeLast()
    let without = screenText(content, width: 120, height: 36) { _ in }
    #expect(head.split(separator: "\n")[2].prefix(60) == without.split(separator: "\n")[2].prefix(60))
  }

  @Test("shares of those that ended by themselves say so above the shares of all")
  func outcomes() {
    var content = Sample.content
    content.function = Sample.function
    content.function?.endings = [
      .init(outcome: .ok, count: 68), .init(outcome: .cutOff, count: 6), .init(outcome: .draining, count: 4),
    ]
    func page() -> String {
      screenText(content, width: 120, height: 60) {
        $0.dialogs = [.detail(DetailDialog(.init(FunctionDetail(id: content.requests[1].id))))]
      }
    }
    #expect(page().contains("% refused, of all but those cut off"), "\(page())")
    content.function?.endings.remove(at: 1)
    #expect(!page().contains("of all but"))
  }

  @Test("a rate over less than the window says of which gateways, beside the count of the whole window")
  func rates() {
    var content = Sample.content
    content.function = Sample.function
    func page(_ watched: [Double]) -> String {
      content.function?.gateways = watched.enumerated().map { index, seconds in
        var part = FunctionView.Part(node: "gw\(index + 1)", requestsPerSecond: 1, p50: 9)
        part.watchedSeconds = seconds
        return part
      }
      return screenText(content, width: 120, height: 60) {
        $0.dialogs = [.detail(DetailDialog(.init(FunctionDetail(id: content.requests[1].id))))]
      }
    }
    #expect(page([60, 60]).contains("201/s over 60s, 12 in flight"), "\(page([60, 60]))")
    #expect(page([59.5, 6, 60]).contains("201/s over 60s (gw2 over 6s), 12 in flight"), "\(page([60, 6]))")
    #expect(page([29, 29]).contains("201/s over 29s, 12 in flight"), "\(page([29, 29]))")
  }

  @Test("a comparison says which panes stay sorted otherwise, and a share without a request is none")
  func compared() {
    var state = ScreenState()
    func mark() -> String {
      var picker = PickerDialog(.mark, items: [])
      var now = PickerDialog.Item("now")
      now.at = Sample.now - 60_000_000
      picker.items = [now]
      ScreenController().pickMark(picker, &state, Sample.content)
      return state.message?.text ?? ""
    }
    #expect(mark().hasSuffix(", the largest change first"), "\(mark())")
    state.settings.requestSort = .inFlight
    #expect(mark().hasSuffix(", the largest change first but in Requests"), "\(mark())")
    var was = RequestRow(service: "a", requestType: "b", requestsPerSecond: 4, rejectedPercent: 80, p50: 9)
    was.trend = [1]
    let now = RequestRow(service: "a", requestType: "b")
    var (before, after) = (ScreenContent(), ScreenContent())
    (before.requests, after.requests) = ([was], [now])
    let change = RequestsPane.compare(before, after)?[now.id]
    #expect(change?.parts.map(\.text) == ["rps 4.0→0"], "\(change?.parts.map(\.text) ?? [])")
  }

  @Test("a change that gateways made one after the other has the times of the first and the last")
  func changes() {
    var content = Sample.content
    content.configs.changes = [("g2", 6), ("g3", 46)].map { (node: ByteText, age: Int64) in
      ConfigsView.Change(
        node: node,
        change: ConfigChangeState(
          id: 1, at: Sample.now - age * 1_000_000, kind: "added", service: "bank", requestType: "pay"))
    }
    let text = screenText(content, width: 120, height: 36) {
      $0.focus = .configs
      $0.isZoomed = true
    }
    #expect(text.contains("bank/pay added 6s to 46s"), "\(text)")
    content.configs.changes[1].change.at = content.configs.changes[0].change.at
    #expect(
      !screenText(content, width: 120, height: 36) {
        $0.focus = .configs; $0.isZoomed = true
      }.contains(" to "))
  }

  @Test("a row that fails a little before busier ones is said to be trouble that stands first")
  func order() {
    var content = Sample.content
    content.requests = [
      RequestRow(service: "demo", requestType: "old", requestsPerSecond: 1.5, errorPercent: 2.2, p50: 1),
      RequestRow(service: "shop", requestType: "get", requestsPerSecond: 10, p50: 1),
    ]
    func text() -> String { screenText(content, width: 120, height: 36) { _ in } }
    #expect(text().contains("trouble first, then busiest"))
    content.requests[0].errorPercent = 0.2
    #expect(!text().contains("trouble first") && text().contains("busiest first"))
  }

  @Test(
    "the column of request ids is as wide as those that are here, and what is told of events has the rest")
  func identities() {
    func shown(_ id: (Int) -> ByteText) -> String {
      var content = Sample.content
      content.eventWidths = EventWidths(ClusterModel(targets: []))
      content.events = (1...9).map { number in
        EventRow(
          node: "g1",
          record: EventRecord(
            sequence: Int64(number), at: Sample.now - 1_000_000, name: EventName.executorRequestStart.path,
            metadata: [
              "request_id": .string(id(number)), "service": "demo", "request_type": "later",
              "version": "1.0.0", "user_id": "a_user_of_the_shop",
            ]))
      }
      return screenText(content, width: 120, height: 36) { _ in }
    }
    let short = shown { "req-\($0)" }
    #expect(short.contains("a_user_of_the_shop") && short.contains("req-9"), "\(short)")
  }

  @Test("o goes to the cause of the first alert, and of the one that is selected")
  func causes() {
    let desk = Desk(width: 120, height: 36)
    desk.seat.withLock { seat in
      seat.content.alerts = alerts([
        ("p99 > 1s", "search find_products", "1.2s"), ("error% > 5", "payment_service charge", "7.8%"),
      ])
    }
    desk.type("9o")
    #expect(desk.text.contains("search find_products"), "\(desk.text)")
    desk.press(Key(.escape))
    desk.press(Key(.down))
    desk.type("o")
    #expect(desk.text.contains("payment_service charge"), "\(desk.text)")
  }
}
