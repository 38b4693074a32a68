import GenAPITelemetry
import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("Calls to other nodes")
struct RemoteCallTests {
  private func remote(
    _ fixture: GatewayFixture, _ change: (inout FunctionConfig) -> Void = { _ in }
  ) throws {
    for (name, registry) in fixture.nodes {
      registry.register("Svc.who") { _ in .ok(.string(ByteText(name))) }
    }
    var config = FunctionConfig(
      service: "test", requestType: "who", nodes: .list(["a@test", "b@test"]), chooseNode: .roundRobin,
      function: FunctionReference("Svc", "who"))
    change(&config)
    try fixture.gateway.configs.add(config)
    _ = fixture.events()
  }

  @Test("round robin takes turns, each function by itself (W-54)")
  func roundRobin() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture)
    var answers: [Value] = []
    for _ in 0..<4 { answers.append(await fixture.gateway.execute(fixture.request("who"))?.result ?? .null) }
    #expect(answers == ["a@test", "b@test", "a@test", "b@test"])
    // Another function begins at its own first node, whatever this one did.
    for (name, registry) in fixture.nodes {
      registry.register("Svc.other") { _ in .ok(.string(ByteText(name))) }
    }
    _ = await fixture.gateway.execute(fixture.request("who"))
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "other", nodes: .list(["a@test", "b@test"]), chooseNode: .roundRobin,
        function: FunctionReference("Svc", "other")))
    #expect(await fixture.gateway.execute(fixture.request("other"))?.result == "a@test")
  }

  @Test("a node that cannot be reached is passed over, without a retry configured")
  func fallback() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture)
    fixture.cluster.setUp("a@test", false)
    for _ in 0..<3 { #expect(await fixture.gateway.execute(fixture.request("who"))?.result == "b@test") }
    let node = fixture.gateway.currentState().nodes.first { $0.node == "a@test" }
    #expect(node?.up == false)
    #expect((node?.failures ?? 0) > 0)
  }

  @Test(
    "a call that went on to its second node says so, and is counted at the node that could not be reached")
  func failovers() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) { $0.chooseNode = .roundRobin }
    fixture.cluster.setUp("a@test", false, reason: "net_tick_timeout")
    _ = fixture.events()
    // In turns: the first and the third are chosen for the node that is gone.
    for _ in 0..<4 { _ = await fixture.gateway.execute(fixture.request("who")) }
    let passed = fixture.events().compactMap { event -> UInt8? in
      if case .requestStop(let stop) = event { stop.nodesPassed } else { nil }
    }
    #expect(passed == [1, 0, 1, 0])
    let nodes = fixture.gateway.currentState().nodes
    #expect(nodes.map(\.failovers) == [2, 0] && nodes.map(\.calls) == [2, 4])
    let check = fixture.gateway.health()["nodes"]
    #expect(check?.detail.hasPrefix("down: a@test: ") == true, "\(check as Any)")
    fixture.cluster.setUp("a@test", true)
    #expect(fixture.gateway.currentState().nodes.allSatisfy { $0.reason == nil })
  }

  @Test("a permission callback is asked on the node that runs the call, selected once (W-30)")
  func remotePermission() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) { $0.permissionCallback = FunctionReference("Svc", "may") }
    let asked = Mutex<[ByteText]>([])
    for (name, registry) in fixture.nodes {
      registry.registerPermission("Svc.may") { request, _ in
        asked.withLock { $0.append(ByteText(name)) }
        return request.args["secret"] == "yes"
      }
    }
    var answers: [Value] = []
    for _ in 0..<4 {
      answers.append(
        await fixture.gateway.execute(fixture.request("who", ["secret": "yes"]))?.result ?? .null)
    }
    #expect(answers == ["a@test", "b@test", "a@test", "b@test"])
    #expect(asked.withLock { $0.map { Value.string($0) } } == answers)
    #expect(await fixture.gateway.execute(fixture.request("who"))?.error == "Permission denied")
  }

  @Test(
    "a permission callback that no node can answer lets nobody through, who may try again where none was reached"
  )
  func unreachablePermission() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) { $0.permissionCallback = FunctionReference("Svc", "may") }
    #expect(await fixture.gateway.execute(fixture.request("who"))?.error == "Permission denied")
    for name in ["a@test", "b@test"] {
      fixture.nodes[name]?.registerPermission("Svc.may") { _, _ in true }
      fixture.cluster.setUp(ByteText(name), false)
    }
    #expect(
      await fixture.gateway.execute(fixture.request("who"))
        == .error("r1", "Service temporarily unavailable", canRetry: true))
    fixture.cluster.setUp("b@test", true)
    #expect(await fixture.gateway.execute(fixture.request("who"))?.result == "b@test")
  }

  @Test("a node that goes and comes back is told as an event")
  func nodeEvents() throws {
    let fixture = try GatewayFixture()
    _ = fixture.events()
    fixture.cluster.setUp("a@test", false, reason: "net_tick_timeout")
    fixture.cluster.setUp("a@test", true)
    #expect(fixture.names() == ["cluster.node.down", "cluster.node.up"])
  }

  @Test("a call that may have run is not sent to another node without retry (W-19)")
  func noRepeat() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture)
    fixture.nodes["a@test"]?.register("Svc.who") { _ in throw FunctionError("crashed") }
    #expect(
      await fixture.gateway.execute(fixture.request("who")) == .error("r1", "Internal Server Error"))
  }

  @Test("retries count up, wait longer each time, and their end is told with the cause (W-26, W-28)")
  func retry() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) { $0.retry = .allNodes(3) }
    for registry in fixture.nodes.values {
      registry.register("Svc.who") { _ in .error(FunctionError("busy")) }
    }
    let response = await fixture.advancing {
      await fixture.gateway.execute(fixture.request("who"))
    }
    #expect(response == .error("r1", "all retry attempts exhausted"))
    let events = fixture.events()
    let attempts = events.compactMap { event -> RetryAttempt? in
      if case .retry(let attempt) = event { attempt } else { nil }
    }
    #expect(attempts.map(\.attempt) == [1, 2, 3])
    #expect(attempts.allSatisfy { $0.mode == "all_nodes" && $0.nodes?.count == 2 })
    for (attempt, range) in zip(attempts, [50...150, 100...300, 200...600]) {
      #expect(range.contains(Int(attempt.backoffMs)))
    }
    let exhausted = events.compactMap { event -> RetryExhausted? in
      if case .retryExhausted(let exhausted) = event { exhausted } else { nil }
    }
    #expect(exhausted.map(\.mode) == ["all_nodes 3"])
    #expect(exhausted.map(\.lastError) == ["busy"])
  }

  @Test(
    "a retry over all nodes goes on to those that were not asked yet, whichever was asked first, and however often one is listed",
    arguments: [["a@test", "b@test"], ["a@test", "a@test", "b@test", "b@test"]] as [[ByteText]])
  func turns(_ nodes: [ByteText]) async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) {
      $0.retry = .allNodes(1)
      $0.nodes = .list(nodes)
    }
    fixture.nodes["a@test"]?.register("Svc.who") { _ in .error(FunctionError("busy")) }
    for _ in 0..<4 {
      let response = await fixture.advancing { await fixture.gateway.execute(fixture.request("who")) }
      #expect(response?.result == "b@test")
    }
    #expect(fixture.gateway.currentState().nodes.map(\.calls) == [2, 4])
  }

  @Test("an error marked as final is not retried, and without retry nothing is exhausted (W-26)")
  func finalError() async throws {
    let fixture = try GatewayFixture()
    try remote(fixture) { $0.retry = .sameNode(3) }
    for registry in fixture.nodes.values {
      registry.register("Svc.who") { _ in .error(FunctionError("no", isFinal: true)) }
    }
    _ = await fixture.gateway.execute(fixture.request("who"))
    #expect(!fixture.names().contains { $0.hasPrefix("executor.retry") })
  }

  @Test("backoff doubles up to five seconds")
  func backoff() {
    #expect(
      (1...8).map { FunctionCaller.backoffMs($0, jitter: 1) } == [
        100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000,
      ])
  }

  @Test("a node that leaves moves only its own keys (W-54)")
  func rendezvous() {
    let nodes: [ByteText] = (0..<10).map { "n\($0)@test" }
    let without = nodes.filter { $0 != "n3@test" }
    for key in 0..<2_000 {
      let before = NodeSelector.rendezvous(nodes, key: "k\(key)")[0]
      let after = NodeSelector.rendezvous(without, key: "k\(key)")[0]
      #expect(before == after || before == "n3@test")
    }
  }

  @Test("a sticky key keeps its node, by value, until the node leaves (W-15)")
  func sticky() {
    let sticky = StickyNodes(capacity: 100)
    func key(_ value: ByteText) -> StickyNodes.Key {
      StickyNodes.Key(service: "s", requestType: "t", key: "user_id", value: value)
    }
    let nodes: [ByteText] = (0..<8).map { "n\($0)" }
    let chosen = sticky.node(for: key("a"), among: nodes, now: 0)
    for _ in 0..<20 { #expect(sticky.node(for: key("a"), among: nodes, now: 1) == chosen) }
    let other = sticky.node(for: key("a"), among: nodes.filter { $0 != chosen }, now: 2)
    #expect(other != chosen)
    for value in 0..<1_000 { _ = sticky.node(for: key("v\(value)"), among: nodes, now: 3) }
    #expect(sticky.count <= 100)
  }
}
