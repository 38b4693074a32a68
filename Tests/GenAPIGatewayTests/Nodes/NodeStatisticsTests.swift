import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Nodes that left")
struct NodeStatisticsTests {
  private static let minute: Int64 = 60_000_000

  @Test(
    "a node that nothing needs is forgotten after 10 minutes; one that is named, called or connected is not")
  func forgets() {
    let nodes = NodeStatistics(isAlone: false, startedAt: 0)
    for name in ["gone@a", "named@a", "called@a", "up@a"] as [ByteText] {
      nodes.changed(NodeChange(node: name, isUp: name == "up@a"), at: 0)
    }
    func known(_ minutes: Int64, named: Set<ByteText> = ["named@a"]) -> [ByteText] {
      nodes.forget(except: named, at: minutes * Self.minute)
      return nodes.states([:]).map(\.node)
    }
    #expect(known(5) == ["called@a", "gone@a", "named@a", "up@a"])
    nodes.called("called@a", durationUs: 1, error: .unreachable("gone"), at: 5 * Self.minute)
    #expect(known(9).count == 4)
    #expect(known(10) == ["called@a", "named@a", "up@a"])
    #expect(known(15) == ["named@a", "up@a"])
    // From when it is named no more.
    #expect(known(24, named: []) == ["named@a", "up@a"])
    #expect(known(25, named: []) == ["up@a"])
  }

  @Test("the gateway keeps what functions, services to pull and lists name")
  func lists() throws {
    let fixture = try GatewayFixture {
      $0.pull.services = [
        PullSource(service: "s", nodes: .list(["pulled@a"]), function: FunctionReference("S", "configs"))
      ]
    }
    try fixture.add("f") { $0.nodes = .list(["function@a"]) }
    fixture.gateway.keepNodes { ["listed@a"] }
    for name in ["pulled@a", "function@a", "listed@a", "gone@a"] as [ByteText] {
      fixture.gateway.nodeStatistics.changed(
        NodeChange(node: name, isUp: false), at: fixture.clock.wallMicroseconds())
    }
    fixture.clock.advance(by: .milliseconds(600_000))
    fixture.gateway.forgetGoneNodes()
    // With those that the fixture has connected.
    #expect(
      fixture.gateway.currentState().nodes.map(\.node)
        == ["a@test", "b@test", "function@a", "listed@a", "pulled@a"])
  }
}
