import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What is gone on the screen")
struct GoneRowTests {
  private func group(
    _ grouping: RequestGrouping, _ name: ByteText, _ change: (inout RequestRow) -> Void = { _ in }
  )
    -> RequestGroup
  {
    var numbers = RequestRow(
      service: name, requestType: "", requestsPerSecond: 12, errorPercent: 1.5, inFlight: -1, p50: 18_000,
      p95: 41_000, p99: 77_000, max: 90_000, trend: [1, 2, 3])
    change(&numbers)
    return RequestGroup(grouping: grouping, name: name, numbers: numbers)
  }

  private func text(_ rows: [RequestGroup], width: Int = 80, height: Int = 24, sort: RequestSort = .worst)
    -> String
  {
    let desk = Desk(width: width, height: height)
    desk.seat.withLock { seat in
      seat.state.settings.requestGrouping = rows[0].grouping
      seat.state.settings.requestSort = sort
      seat.state.isZoomed = true
      seat.content.requestGroups = RequestGroups(rows[0].grouping, rows: rows)
    }
    return desk.text
  }

  private func line(_ text: String, of name: String) -> String {
    text.split(separator: "\n").first { $0.contains(name) }.map(String.init) ?? ""
  }

  @Test(
    "a gateway that is not heard says stale in the whole word, and no rate of before as if it were now",
    arguments: [80, 120, 200])
  func stale(width: Int) {
    let gone = group(.gateways, "g3") {
      $0.isStale = true
      $0.isDown = true
    }
    let line = line(text([gone, group(.gateways, "g1")], width: width), of: "g3")
    #expect(line.contains("stale") && !line.contains("…"), "\(line)")
    #expect(!line.contains("12") && !line.contains("77.0ms") && !line.contains("1.5"), "\(line)")
  }

  @Test("a node that is down says so in its row, and OVER% can be sorted by", arguments: [80, 120])
  func down(width: Int) {
    let rows = [
      group(.nodes, "app1@10.0.0.7") {
        $0.isDown = true
        $0.failoverPercent = 20.6
      }, group(.nodes, "app2@10.0.0.8") { $0.failoverPercent = 0 },
    ]
    let text = text(rows, width: width, sort: .failovers)
    #expect(line(text, of: "app1@").contains("down") && text.contains("OVER%"), "\(text)")
    #expect(text.contains("sort over%"), "\(text)")
    let desk = Desk(width: 120, height: 36)
    desk.seat.withLock { seat in
      seat.state.settings.requestGrouping = .nodes
      seat.state.focus = .requests
      seat.content.requestGroups = RequestGroups(.nodes, rows: rows)
    }
    desk.type("<")
    #expect(desk.text.contains("over%") && desk.text.contains("node"), "\(desk.text)")
    desk.press(Key(.escape))
    var seen: Set<RequestSort> = []
    for _ in 0..<14 {
      desk.type("s")
      seen.insert(desk.state.settings.requestSort)
    }
    #expect(seen == Set(RequestGrouping.nodes.sorts) && seen.contains(.failovers))
    desk.seat.withLock { $0.state.settings.requestSort = .failovers }
    desk.type("b")
    #expect(desk.state.settings.requestSort == .worst)
  }

  @Test("calls for what does not exist say what was asked for, above what is well")
  func unsupported() {
    var content = Sample.content
    var row = RequestRow(
      service: "(unsupported)", requestType: "(any)", requestsPerSecond: 1.5, errorPercent: 100,
      lastError: "unsupported function: old version latest of service demo")
    row.lastErrorAt = Sample.now - 1_000_000
    content.requests.insert(row, at: 0)
    let desk = Desk(width: 80, height: 24)
    desk.seat.withLock { $0.content = content }
    #expect(desk.text.contains("demo/old"), "\(desk.text)")
    #expect(UnsupportedName("unsupported function: a of service b version 1 of service c")?.service == "c")
    #expect(UnsupportedName("something else") == nil)
  }

  @Test(
    "the page of a function that was removed says when, where and by what, and leads to its service",
    arguments: [80, 120])
  func removed(width: Int) {
    var content = Sample.content
    content.requests.append(
      RequestRow(service: "user_service", requestType: "old", requestsPerSecond: 1.5, errorPercent: 100))
    for (index, gateway) in (["gw1", "gw2"] as [ByteText]).enumerated() {
      content.configs.changes.insert(
        ConfigsView.Change(
          node: gateway,
          change: ConfigChangeState(
            id: 90, at: Sample.now - 61_000_000 - Int64(index), kind: "removed", service: "user_service",
            requestType: "old", by: "push from app1@10.0.0.7")), at: index)
    }
    content.function = Sample.function
    let id = RequestRow.id(service: "user_service", requestType: "old", version: nil)
    let page = DetailPage(
      DetailDialog(.init(FunctionDetail(id: id))), content: content, context: PaneContext(at: Sample.now),
      width: width - 10)
    let text = page.lines.prefix(9).map(\.text).joined(separator: "\n")
    #expect(text.contains("removed 12:03:30.201 (61s ago) on gw1 gw2"), "\(text)")
    #expect(page.lines.map(\.text).joined(separator: " ").contains("by push"))
    #expect(page.links.first?.subject == .init(ServiceDetail(name: "user_service")))
  }

  @Test("what an alert's rule sees now is whole where there is room for it", arguments: [80, 120, 200])
  func now(width: Int) {
    let desk = Desk(width: width, height: 24)
    desk.seat.withLock { seat in
      seat.content.alerts = [
        AlertRow(
          id: "config mismatch", rule: "config mismatch", subject: "order_service", isFiring: true,
          value: "1.0.4 / 1.1.0", since: Sample.now - 3_000_000, isCritical: true)
      ]
      seat.state.focus = .alerts
      seat.state.isZoomed = true
    }
    #expect(desk.text.contains("1.0.4 / 1.1.0 "), "\(desk.text)")
  }

  @Test("a gateway that is ready and has no descriptors for clients does not say that it is ready for them")
  func refused() {
    var content = Sample.content
    content.nodes[0].readiness = ReadinessState(fault: nil)
    content.nodes[0].readiness.degraded = ["descriptors: hardly any are left: clients are refused"]
    content.gateway = Sample.gateway
    content.gateway?.sockets.refusedHandshakes = ["descriptors": 12]
    let page = DetailPage(
      DetailDialog(.init(NodeDetail(id: content.nodes[0].id))), content: content,
      context: PaneContext(at: Sample.now), width: 100)
    let text = page.lines.map(\.text).joined(separator: "\n")
    #expect(text.contains("ready, but new ones are refused for want of descriptors: 12 since"), "\(text)")
    #expect(!text.contains("ready for them"))
  }
}
