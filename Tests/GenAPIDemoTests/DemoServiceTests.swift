import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIDemo

@Suite("The demo's services")
struct DemoServiceTests {
  /// A gateway with the demo's nodes, which takes what these push and pull.
  private struct Demo {
    let faults = ServiceFaultLog()
    let nodes: InMemoryCluster
    let gateway: Gateway

    init() throws {
      let clock = SystemTime()
      nodes = InMemoryCluster(clock: clock)
      for name in UserService.nodes {
        let registry = FunctionRegistry()
        UserService.register(on: registry, faults: faults)
        nodes.add(name, registry)
      }
      for name in OrderService.nodes {
        let registry = FunctionRegistry()
        OrderService.register(on: registry, faults: faults)
        nodes.add(name, registry)
      }
      let media = FunctionRegistry()
      MediaService.register(on: media)
      nodes.add(MediaService.node, media)
      var settings = GatewayConfiguration(node: "gw1")
      settings.pull.services = [UserService.source, MediaService.source]
      gateway = try Gateway(configuration: settings, remote: nodes, clock: clock)
      DemoHooks.register(on: gateway.functions, faults: faults)
    }

    func ask(
      _ service: ByteText, _ requestType: ByteText, _ args: ValueObject, roles: [ByteText] = ["user"]
    ) async -> Response? {
      await gateway.execute(
        Request(
          service: service, requestType: requestType, requestID: "1", args: args, userID: "u_1",
          userRoles: roles))
    }
  }

  @Test("what they push is stored whole, at every deployment")
  func pushed() throws {
    let demo = try Demo()
    for version in ["1.0.4", "1.1.0"] as [ByteText] {
      let push = OrderService.push(version: version)
      #expect(
        try demo.gateway.receiver.push(push, from: "orders1@demo")
          == .accepted(stored: push.functions.count, faults: []))
      #expect(try demo.gateway.receiver.push(push, from: "orders2@demo") == .skipped)
    }
    #expect(
      try demo.gateway.receiver.push(BillingService.push, from: "billing1@demo")
        == .accepted(stored: BillingService.push.functions.count, faults: []))
  }

  @Test("what they list is pulled whole, and the version that is here is not pulled again")
  func pulled() async throws {
    let demo = try Demo()
    await demo.gateway.puller.pull(UserService.name)
    #expect(demo.gateway.puller.version(of: UserService.name) == UserService.version)
    #expect(
      Set(demo.gateway.configs.configs(of: UserService.name).map(\.requestType))
        == ["get_user", "update_user", "search_users"])
    await demo.gateway.puller.pull(MediaService.name)
    #expect(
      Set(demo.gateway.configs.configs(of: MediaService.name).map(\.requestType))
        == ["transcode", "warm_cache"])
    #expect(demo.gateway.configs.failedConfigs().isEmpty)
  }

  @Test("the relay's functions are all taken")
  func relay() throws {
    let demo = try Demo()
    _ = try demo.gateway.configs.batchAdd(ChatService.configs)
    #expect(demo.gateway.configs.configs(of: ChatService.name).count == ChatService.configs.count)
    #expect(demo.gateway.configs.failedConfigs().isEmpty)
  }

  @Test("a switch breaks what it says, and nothing once it is back")
  func faults() async throws {
    let demo = try Demo()
    await demo.gateway.puller.pull(UserService.name)
    _ = try demo.gateway.receiver.push(OrderService.push(version: "1.0.4"), from: "orders1@demo")

    demo.faults.change { $0.brokenSearch = true }
    #expect(await demo.ask(UserService.name, "search_users", ["query": "x"])?.success == false)
    demo.faults.change { $0.brokenEnrichment = true }
    let plain = await demo.ask(OrderService.name, "get_order", ["order_id": "o_1"])
    #expect(plain?.result == ["order_id": "o_1", "state": "paid"])

    demo.faults.change { $0 = ServiceFaultLog.Switches() }
    #expect(await demo.ask(UserService.name, "search_users", ["query": "x"])?.success == true)
    let enriched = await demo.ask(OrderService.name, "get_order", ["order_id": "o_1"])
    #expect(enriched?.result == ["order_id": "o_1", "state": "paid", "enriched": true])
  }

  @Test("auditing refuses a reserved name, and lets others write their own user only")
  func audit() async throws {
    let demo = try Demo()
    await demo.gateway.puller.pull(UserService.name)
    let own = await demo.ask(UserService.name, "update_user", ["user_id": "u_1", "name": "Ann"])
    #expect(own?.result == ["id": "u_1", "name": "Ann"])
    let reserved = await demo.ask(UserService.name, "update_user", ["user_id": "u_1", "name": "admin"])
    #expect(reserved?.success == false)
    let another = await demo.ask(UserService.name, "update_user", ["user_id": "u_2", "name": "Ann"])
    #expect(another?.success == false)
  }

  @Test("a node that is down is passed over for the one that is up")
  func down() async throws {
    let demo = try Demo()
    await demo.gateway.puller.pull(UserService.name)
    demo.nodes.setUp("users1@demo", false, reason: "connection lost")
    for _ in 0..<4 {
      let found = await demo.ask(UserService.name, "get_user", ["user_id": "7"])
      #expect(found?.result == ["id": "7", "name": "User 7"])
    }
  }
}
