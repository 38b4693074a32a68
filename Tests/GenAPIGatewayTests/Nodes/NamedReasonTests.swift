import Testing

@testable import GenAPIGateway

@Suite("Reasons that name their node")
struct NamedReasonTests {
  @Test("a node is named once, in front")
  func once() {
    #expect(NodeReason.text("n1@host", "nodedown") == "n1@host: nodedown")
    #expect(
      NodeReason.text("n1@host", "n1@host closed the connection in the handshake")
        == "n1@host: closed the connection in the handshake")
    #expect(NodeReason.text("n1@host", "n1@host: nodedown") == "n1@host: nodedown")
    #expect(NodeReason.text("n1@host", "n1@hosts are many") == "n1@host: n1@hosts are many")
    #expect(NodeReason.text("n1@host", "n1@host ") == "n1@host: n1@host ")
    #expect(NodeReason.text("n1@host", "n2@host answered") == "n1@host: n2@host answered")
  }

  @Test("a node that is down with a reason of its own name is told with it once in the health")
  func health() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("echo") { $0.nodes = .list(["a@test", "b@test"]) }
    fixture.cluster.setUp("a@test", false, reason: "a@test closed the connection")
    let one = fixture.gateway.health().checks.first { $0.name == "nodes" }
    #expect(one?.detail.hasPrefix("down: a@test: closed the connection") == true, "\(one?.detail as Any)")
    fixture.cluster.setUp("b@test", false, reason: "b@test closed the connection")
    let both = fixture.gateway.health().checks.first { $0.name == "nodes" }
    #expect(both?.detail.hasPrefix("down: a@test, b@test: closed the connection") == true)
  }
}
