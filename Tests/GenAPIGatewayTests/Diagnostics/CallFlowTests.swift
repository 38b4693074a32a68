import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Call flow (gateway.md 13)")
struct CallFlowTests {
  @Test("a local function goes through every step but the choice of a node (W-49)")
  func local() async throws {
    let fixture = try GatewayFixture()
    try fixture.add { $0.arguments = ["a": ArgumentSpec(.string)] }
    let flow = await fixture.gateway.callFlow(service: "test", requestType: "echo")
    #expect(flow.isLocal && flow.reachableNodes == ["local"] && flow.unreachableNodes == [])
    #expect(
      flow.steps.map(\.phase) == [
        .channel, .decode, .configLookup, .hooksBefore, .permission, .rateLimit, .argumentValidation,
        .execution, .hooksAfter, .response,
      ])
    #expect(flow.error == nil && flow.config?["request_type"] == "echo")
  }

  @Test(
    "every way to choose a node, every permission and a callback are worded (W-49)",
    arguments: [
      (NodeChoice.random, PermissionMode.open, "any node", "anybody"),
      (.hash, .anyAuthenticated, "by the request id", "any authenticated user"),
      (
        .hashKey("user_id"), .argument("user_id"), "by the argument user_id",
        "whom the argument user_id names"
      ),
      (.roundRobin, .role(["admin"]), "in turn", "one of the roles admin"),
      (.sticky("user_id"), .open, "that user_id went to", "anybody"),
    ])
  func remote(
    _ choice: NodeChoice, _ permission: PermissionMode, _ nodeText: String, _ permissionText: String
  )
    async throws
  {
    let fixture = try GatewayFixture()
    fixture.cluster.setUp("b@test", false)
    try fixture.add {
      $0.nodes = .list(["a@test", "b@test"])
      $0.chooseNode = choice
      $0.permission = permission
      $0.arguments = ["user_id": ArgumentSpec(.string)]
      $0.retry = .sameNode(2)
    }
    let flow = await fixture.gateway.callFlow(service: "test", requestType: "echo")
    #expect(flow.reachableNodes == ["a@test"] && flow.unreachableNodes == ["b@test"])
    #expect(flow.steps.contains { $0.phase == .nodeSelection && $0.text.contains(nodeText) })
    #expect(flow.steps.contains { $0.phase == .permission && $0.text.contains(permissionText) })
    #expect(flow.steps.contains { $0.phase == .retry && $0.text.hasPrefix("up to 2 times") })
  }

  @Test("a node that no call went to yet is not down")
  func notCalledYet() async throws {
    let fixture = try GatewayFixture()
    try fixture.add { $0.nodes = .list(["a@test", "new@test"]) }
    let flow = await fixture.gateway.callFlow(service: "test", requestType: "echo")
    #expect(flow.reachableNodes == ["a@test"] && flow.unreachableNodes == [])
    #expect(flow.unknownNodes == ["new@test"])
    let text = await fixture.gateway.reports.callFlow(service: "test", requestType: "echo")
    #expect(text.contains("not called yet: new@test") && !text.contains("down:"))
  }

  @Test("a permission callback is named (W-49)")
  func callback() async throws {
    let fixture = try GatewayFixture()
    try fixture.add { $0.permissionCallback = FunctionReference("Test", "may") }
    let flow = await fixture.gateway.callFlow(service: "test", requestType: "echo")
    #expect(flow.steps.contains { $0.phase == .permission && $0.text.hasPrefix("Test.may is asked here") })
  }

  @Test("the version is the one a request would get (W-49)")
  func version() async throws {
    let fixture = try GatewayFixture()
    for version in ["1.0.0", "1.10.0", "1.9.0"] { try fixture.add { $0.version = ByteText(version) } }
    #expect(await fixture.gateway.callFlow(service: "test", requestType: "echo").version == "1.10.0")
    try fixture.gateway.configs.disable("test", "echo", version: "1.10.0")
    #expect(await fixture.gateway.callFlow(service: "test", requestType: "echo").version == "1.9.0")
    let disabled = await fixture.gateway.callFlow(service: "test", requestType: "echo", version: "1.10.0")
    #expect(disabled.error == "disabled function: echo version 1.10.0 of service test" && !disabled.enabled)
    #expect(await fixture.gateway.callFlows().count == 2)
    #expect(await fixture.gateway.callFlows(includingDisabled: true).count == 3)
  }

  @Test("an unknown function is told as a client would be told")
  func unknown() async throws {
    let fixture = try GatewayFixture()
    let flow = await fixture.gateway.callFlow(service: "test", requestType: "nothing")
    #expect(
      flow.error == "unsupported function: nothing version latest of service test" && flow.config == nil)
    #expect(flow.steps.map(\.phase) == [.configLookup])
  }

  @Test("a request is inspected without being called or counted")
  func inspection() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 3, window: .seconds(60))]
      $0.rateLimiter.apiLimits = [
        .api(service: "test", requestType: "echo", key: "device_id", maxRequests: 1, window: .seconds(1))
      ]
    }
    try fixture.add {
      $0.arguments = ["user_id": ArgumentSpec(.string)]
      $0.permission = .argument("user_id")
    }
    _ = await fixture.gateway.execute(fixture.request("echo", ["user_id": "u1"]))
    _ = fixture.events()
    let inspection = await fixture.gateway.inspect(fixture.request("echo", ["user_id": "somebody"]))
    #expect(inspection.isPermitted == false && inspection.argumentError == nil)
    #expect(inspection.limits.map(\.used) == [1] && inspection.limits.map(\.remaining) == [2])
    let wrong = await fixture.gateway.inspect(fixture.request("echo", ["user_id": 7]))
    #expect(wrong.argumentError == "Invalid argument: argument \"user_id\" must be a string, not a number")
    #expect(fixture.names().isEmpty)
    #expect(await fixture.gateway.inspect(fixture.request("echo")).limits.map(\.used) == [1])
  }

  @Test(
    "the node a hash chooses is the one that is called, by whichever rule",
    arguments: [NodeChoiceCompatibility.own, .elixir])
  func firstNode(rule: NodeChoiceCompatibility) async throws {
    let fixture = try GatewayFixture { $0.nodeChoice = rule }
    for (name, registry) in fixture.nodes {
      registry.register("Test.echo") { _ in .ok(.string(ByteText(name))) }
    }
    try fixture.add {
      $0.nodes = .list(["b@test", "a@test"])
      $0.chooseNode = .hashKey("key")
      $0.arguments = ["key": ArgumentSpec(.string)]
    }
    for key in ["x", "y", "z", "1", "2", "3", "4"] {
      let request = fixture.request("echo", ["key": .string(ByteText(key))])
      let node = await fixture.gateway.inspect(request).firstNode
      #expect(await fixture.gateway.execute(request)?.result.string == node)
    }
  }

  @Test("a flow encodes to JSON")
  func json() async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    let value = try ValueEncoder().encode(
      await fixture.gateway.callFlow(service: "test", requestType: "echo"))
    #expect(value["request_type"] == "echo" && value["local"] == true)
    #expect(value["steps"]?.array?.first?["phase"] == "channel")
  }
}
