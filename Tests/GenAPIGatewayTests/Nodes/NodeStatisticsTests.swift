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

@Suite("Calls that were given up")
struct GivenUpCallTests {
  @Test("one is counted at its node, and is neither a failure nor a time nor a sign that it is up")
  func counted() {
    let nodes = NodeStatistics(isAlone: false, startedAt: 0)
    nodes.called("s@a", durationUs: 10, error: .unreachable("refused"), at: 1)
    nodes.called("s@a", durationUs: 300_000, error: .cancelled, at: 2)
    let state = nodes.states([:])[0]
    #expect(state.calls == 2 && state.failures == 1 && state.latency.count == 1)
    #expect(!state.up && state.reason == "refused" && state.since == 1)
  }
}

@Suite("Why nodes are down")
struct NodeReasonTests {
  @Test("the state says why a node is down, with what is newest, until it is up")
  func reasons() {
    let nodes = NodeStatistics(isAlone: false, startedAt: 0)
    func reason() -> ByteText? { nodes.states([:]).first?.reason }
    nodes.changed(NodeChange(node: "s@a", isUp: true), at: 0)
    #expect(nodes.changed(NodeChange(node: "s@a", isUp: false, reason: "nothing came for 8000 ms"), at: 1))
    #expect(reason() == "nothing came for 8000 ms")
    // Not told twice that it went.
    let cookie: ByteText = "s@a closed the connection in the handshake, as with another cookie"
    #expect(!nodes.changed(NodeChange(node: "s@a", isUp: false, reason: cookie), at: 2))
    #expect(reason() == cookie)
    #expect(nodes.states([:]).first?.since == 1)
    // A call that did not wait for the next attempt says the same in more words.
    nodes.called(
      "s@a", durationUs: 1, error: .unreachable("not connected within 100 ms; before: " + cookie), at: 3)
    #expect(reason() == cookie)
    nodes.called("s@a", durationUs: 1, error: .unreachable("connection refused"), at: 3)
    #expect(reason() == "connection refused")
    nodes.changed(NodeChange(node: "s@a", isUp: true), at: 4)
    #expect(reason() == nil)
  }

  @Test("ctl and health say why, once where all nodes have one reason")
  func told() throws {
    let fixture = try GatewayFixture()
    fixture.cluster.setUp("a@test", false, reason: "its cookie is another\n")
    #expect(fixture.gateway.clusterView().nodes.first?.reason == "its cookie is another\n")
    #expect(fixture.gateway.reports.cluster().contains("WHY DOWN"))
    #expect(fixture.gateway.reports.cluster().contains("its cookie is another␊"))
    #expect(fixture.gateway.health()["nodes"]?.detail == "down: a@test: its cookie is another␊")
    fixture.cluster.setUp("b@test", false, reason: "nothing came for 8000 ms")
    #expect(
      fixture.gateway.health()["nodes"]?.detail
        == "down: a@test (its cookie is another␊), b@test (nothing came for 8000 ms)")
  }

  @Test("a node whose dials fail is told once as down")
  func events() throws {
    let fixture = try GatewayFixture()
    _ = fixture.events()
    fixture.cluster.setUp("a@test", false, reason: "gone")
    let watch = NodeChange(node: "a@test", isUp: false, reason: "refused")
    fixture.gateway.nodeStatistics.changed(watch, at: 5)
    #expect(fixture.names() == ["cluster.node.down"])
  }
}
