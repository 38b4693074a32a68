import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Grouped requests on the screen")
struct GroupedRequestsTests {
  private func group(_ grouping: RequestGrouping, _ name: ByteText, version: ByteText? = nil) -> RequestGroup
  {
    var numbers = RequestRow(
      service: name, requestType: "", requestsPerSecond: 201, errorPercent: 7.8, inFlight: 4, p50: 18_000,
      p95: 41_000, p99: 77_000, max: 90_000, trend: [1, 2, 3])
    if grouping == .users { numbers.inFlight = -1 }
    return RequestGroup(
      grouping: grouping, name: name, version: version, functions: grouping == .users ? nil : 12,
      numbers: numbers)
  }

  private func desk(_ grouping: RequestGrouping, _ rows: [RequestGroup]) -> Desk {
    let desk = Desk()
    desk.seat.withLock { seat in
      seat.state.settings.requestGrouping = grouping
      seat.content.requestGroups = RequestGroups(
        grouping, rows: rows, source: grouping == .users ? .events(requests: 3_211, seconds: 14) : .counters)
    }
    return desk
  }

  @Test("b steps through what requests are grouped by, B the other way, and the palette knows both")
  func keys() {
    let desk = Desk()
    for grouping in [RequestGrouping.services, .gateways, .nodes, .versions, .users, .functions] {
      desk.type("b")
      #expect(desk.state.settings.requestGrouping == grouping)
    }
    desk.type("B")
    #expect(desk.state.settings.requestGrouping == .users)
    desk.type(":group")
    #expect(desk.text.contains("group-back"))
  }

  @Test(
    "groups have the columns that functions have, and say what they are by",
    arguments: RequestGrouping.allCases)
  func columns(_ grouping: RequestGrouping) {
    guard grouping != .functions else { return }
    let desk = desk(grouping, [group(grouping, "one"), group(grouping, "")])
    expectExactWidths(desk.screen)
    let text = desk.text
    for part in [grouping.label, "RPS", "ERR%", "P99", "one", "77.0ms"] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(text.contains("no ") && !text.contains("REQUEST TYPE"))
  }

  @Test("what only events tell says of how many and of how long")
  func fromEvents() {
    let text = desk(.users, [group(.users, "u_17")]).text
    #expect(text.contains("by user from 3.2k events, 14s"), "\(text)")
    #expect(!text.contains("FNS"))
    #expect(desk(.services, [group(.services, "users")]).text.contains("by service 1m"))
  }

  @Test("Enter opens the functions of a service, and the page of a gateway, a node and a user; Esc goes back")
  func open() {
    for (grouping, name, title) in [
      (RequestGrouping.services, "user_service", "Service user_service"),
      (.gateways, "gw1", "Gateway gw1"), (.users, "u_17", "User u_17"),
    ] as [(RequestGrouping, ByteText, String)] {
      let desk = desk(grouping, [group(grouping, name)])
      desk.type("1")
      desk.press(Key(.enter))
      #expect(desk.text.contains(title), "\(desk.text)")
      desk.press(Key(.escape))
      #expect(desk.state.dialogs.isEmpty && desk.state.settings.requestGrouping == grouping)
    }
    let desk = desk(.services, [group(.services, "user_service")])
    desk.type("1")
    desk.press(Key(.enter))
    #expect(desk.text.contains("get_user") && desk.text.contains("update_profile"))
    desk.press(Key(.tab), Key(.enter))
    #expect(desk.text.contains("user_service get_user"), "\(desk.text)")
  }

  @Test("= narrows to the group, b back to its functions")
  func narrow() {
    let desk = desk(.versions, [group(.versions, "order_service", version: "1.1.0")])
    desk.type("1=")
    #expect(desk.filter == "service:order_service version:1.1.0")
  }

  @Test("chosen columns and a click on the head work for groups too")
  func chosen() {
    let desk = desk(.gateways, [group(.gateways, "gw1")])
    desk.seat.withLock { $0.state.columns[.requests] = ["service", "rps"] }
    let text = desk.text
    #expect(text.contains("GATEWAY") && text.contains("RPS") && !text.contains("P99 "), "\(text)")
    desk.click(.left, 4, 2)
    #expect(desk.state.settings.requestSort == .service)
    #expect(desk.text.contains("GATEWAY▲"))
  }

  @Test("what is grouped is opened and shared by the same keys")
  func again() {
    let desk = desk(.services, [group(.services, "user_service")])
    let keys = KeysAgain().keys(to: desk.state, desk.seat.withLock { $0.content }, isOfMoment: false)
    #expect(keys.contains(.character("b")))
  }
}
