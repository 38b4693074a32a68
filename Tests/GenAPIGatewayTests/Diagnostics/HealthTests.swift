import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Health (gateway.md 13)")
struct HealthTests {
  @Test("a gateway on its own, with nothing wrong, is ok (W-49)")
  func well() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "alone"))
    let health = gateway.health()
    #expect(health.status == .ok && health.mode == "gateway", "\(health)")
    #expect(
      health.checks.map(\.name) == [
        "process", "function_threads", "nodes", "config_store", "names", "config_pulls", "failed_configs",
        "async_pool",
        "stream_pool",
        "rate_limiter", "relay",
      ])
  }

  @Test("more memory than asked for is degraded")
  func memory() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    #expect(gateway.health(maxResidentBytes: 1)["process"]?.status == .degraded)
    #expect(gateway.health(maxResidentBytes: .max)["process"]?.status == .ok)
  }

  @Test("a node that is down is degraded, and so is a service without any node left (W-49)")
  func nodes() throws {
    let fixture = try GatewayFixture()
    try fixture.add("both") { $0.nodes = .list(["a@test", "b@test"]) }
    #expect(fixture.gateway.health()["nodes"]?.status == .ok)
    fixture.cluster.setUp("a@test", false)
    #expect(fixture.gateway.health()["nodes"]?.status == .degraded)
    fixture.cluster.setUp("b@test", false)
    let check = fixture.gateway.health()["nodes"]
    #expect(check?.status == .degraded && check?.detail.contains("no node left for test") == true)
  }

  @Test("without a cluster the nodes that functions name are down, called or not, and the health says why")
  func alone() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "alone"))
    try gateway.configs.add(
      FunctionConfig(
        service: "s", requestType: "there", nodes: .list(["a@test", "b@test"]),
        function: FunctionReference("M", "f")))
    try gateway.configs.add(
      FunctionConfig(service: "s", requestType: "here", function: FunctionReference("M", "f")))
    func up() -> [ByteText: Bool] {
      Dictionary(gateway.currentState().nodes.map { ($0.node, $0.up) }, uniquingKeysWith: { $1 })
    }
    #expect(up() == ["a@test": false, "b@test": false])
    let check = gateway.health()["nodes"]
    #expect(check?.status == .degraded, "\(check as Any)")
    #expect(check?.detail.contains("a@test, b@test: this gateway is not part of a cluster") == true)
    _ = await gateway.execute(Request(service: "s", requestType: "there", requestID: "1"))
    #expect(up() == ["a@test": false, "b@test": false])
    #expect(gateway.currentState().nodes.map(\.calls).reduce(0, +) == 2)
  }

  @Test(
    "a node that no call reached is down, one that answered is up; what the cluster tells goes before both")
  func reached() {
    let nodes = NodeStatistics(isAlone: false, startedAt: 0)
    func isUp(_ node: ByteText) -> Bool? { nodes.states([:]).first { $0.node == node }?.up }
    func call(_ node: ByteText, _ error: RemoteCallError? = nil) {
      nodes.called(node, durationUs: 1, error: error, at: 5)
    }
    call("a@test", .unreachable("no such host"))
    call("b@test", .lost("gone"))
    call("c@test", .raised("it threw"))
    call("d@test", .timeout(.milliseconds(1)))
    #expect(isUp("a@test") == false && isUp("b@test") == false)
    #expect(isUp("c@test") == true && isUp("d@test") == true)
    call("a@test")
    #expect(isUp("a@test") == true)
    nodes.changed(NodeChange(node: "a@test", isUp: false), at: 6)
    // An answer that was under way when the node went.
    call("a@test")
    #expect(isUp("a@test") == false)
    nodes.changed(NodeChange(node: "a@test", isUp: true), at: 7)
    call("a@test", .unreachable("too much waits"))
    #expect(isUp("a@test") == true)
  }

  @Test("an open breaker is degraded: clients alone can open it (W-49)")
  func breaker() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 4, workerThreshold: 100, poolThreshold: 3)
    }
    try await fixture.failOnLostNode()
    let check = fixture.gateway.health()["async_pool"]
    #expect(
      check?.status == .degraded
        && check?.detail.hasPrefix("the circuit of test on nowhere@test is open;") == true,
      "\(check as Any)"
    )
    #expect(fixture.gateway.health().status == .degraded)
  }

  @Test("a sync call runs in no pool: however often it fails, no breaker counts it, opens or keeps it back")
  func syncCalls() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 4, workerThreshold: 100, poolThreshold: 3)
    }
    try fixture.add("lost") { $0.nodes = .list(["nowhere@test"]) }
    for index in 0..<20 {
      var request = fixture.request("lost")
      request.requestID = "r\(index)"
      let answer = await fixture.gateway.execute(request)
      #expect(answer?.success == false)
    }
    // Each was called, and none refused.
    let series = fixture.gateway.currentState().series.first { $0.requestType == "lost" }
    #expect(series?.outcomes["unreachable"] == 20)
    for pool in [fixture.gateway.asyncPool, fixture.gateway.streamPool] {
      let state = pool.poolState()
      #expect(state.openServices == 0 && state.breaker == .closed && state.executed == 0)
    }
    #expect(fixture.gateway.health()["async_pool"]?.status == .ok)
  }

  @Test("a queue or a relay that clients filled is degraded, no error (W-49)")
  func full() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 1, queueLimit: 1)
      $0.relay.groups = 1
    }
    try fixture.add("slow") {
      $0.responseType = .async
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 1_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    for index in 0..<2 {
      var request = fixture.request("slow")
      request.requestID = "r\(index)"
      _ = await fixture.gateway.execute(request, on: connection)
    }
    try fixture.gateway.relay.createGroup(
      groupID: "g", type: .public, creator: "u1", connection: connection)
    let health = fixture.gateway.health()
    #expect(health["async_pool"]?.status == .degraded && health["relay"]?.status == .degraded, "\(health)")
    #expect(health.status == .degraded)
  }

  @Test("a refused config and a failing pull are degraded, all pulls failing too (W-49)")
  func configs() async throws {
    let fixture = try GatewayFixture {
      $0.pull.services = [
        PullSource(
          service: "s", nodes: .list(["nowhere@test"]), function: FunctionReference("S", "configs"))
      ]
    }
    _ = try? fixture.gateway.configs.add(
      FunctionConfig(service: "s", requestType: "", function: FunctionReference("S", "f")))
    await fixture.gateway.puller.pull("s")
    let health = fixture.gateway.health()
    #expect(health["failed_configs"]?.status == .degraded)
    #expect(health["config_pulls"]?.status == .degraded)
  }

  @Test("a full config store is degraded: what it holds is served")
  func fullStore() throws {
    let fixture = try GatewayFixture { $0.maxFunctions = 1 }
    try fixture.add("only")
    #expect(fixture.gateway.health()["config_store"]?.status == .degraded)
  }

  @Test("it encodes to JSON with the names of the specification")
  func json() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    let value = try ValueEncoder().encode(gateway.health())
    #expect(value["status"] == "ok" && value["node"] == "gw" && value["checked_at"]?.int != nil)
    #expect(value["checks"]?.array?.first?["name"] == "process")
  }

  @Test("a client serves nothing, takes no configs and says so")
  func client() async throws {
    var configuration = GatewayConfiguration(node: "client")
    configuration.isClient = true
    let gateway = try Gateway(configuration: configuration)
    #expect(gateway.health().mode == "client" && gateway.health().status == .ok)
    let config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("S", "t"))
    #expect(throws: ConfigStoreError.isClient) { try gateway.configs.add(config) }
    #expect(throws: PushError.isClient) {
      try gateway.receiver.push(
        PushConfig(service: "s", nodes: ["n@test"], configVersion: "1", functions: [config]))
    }
    let response = await gateway.execute(Request(service: "s", requestType: "t", requestID: "1"))
    #expect(response?.error == "unsupported function: t version latest of service s")
  }
}
