import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

/// What the thread sanitizer is run over (`scripts/test-threads`, with more requests).
@Suite("Two threads of mixed requests")
struct MixedLoadTests {
  /// Requests a thread makes: a few in every run of the tests, 100 000 under `scripts/test-threads`.
  private static let count = SystemEnvironment.int("MIXED_REQUESTS") ?? 2_000

  @Test("every request of every kind is counted exactly once, while configs, limits and groups change")
  func mixed() async throws {
    var configuration = GatewayConfiguration(node: "gw")
    configuration.logger.logLevel = .critical
    configuration.rateLimiter.globalLimits = [
      .global(key: "device_id", maxRequests: 500, window: .seconds(1))
    ]
    let clock = SystemTime()
    let cluster = InMemoryCluster(clock: clock)
    let registry = FunctionRegistry()
    cluster.add("a@test", registry)
    let gateway = try Gateway(configuration: configuration, remote: cluster, clock: clock)
    let subscription = try gateway.bus.subscribe("test", to: .allAndExtensions, queue: 1_000)
    registry.register("Mixed.far") { .ok(.array($0.arguments)) }
    try gateway.register(
      ServiceEndpoints("mixed") {
        Endpoint("echo", Argument("a", String.self)) { $0 }
        Endpoint("fail") { () async throws -> Int in throw FunctionError("no") }
        Endpoint("later") { 1 }.asynchronous
        Endpoint("quiet") { 1 }.unanswered
        Endpoint(streaming: "parts") { stream in await stream.send(1) }
        Endpoint("secret") { 1 }.permission(.role(["admin"]))
      })
    try gateway.configs.add(
      FunctionConfig(
        service: "mixed", requestType: "far", nodes: .list(["a@test"]),
        function: FunctionReference("Mixed", "far")))
    let made = await withTaskGroup(of: Int.self) { group in
      for thread in 0..<2 { group.addTask { await Self.requests(thread, gateway) } }
      group.addTask {
        await Self.change(gateway, subscription)
        return 0
      }
      return await group.reduce(0, +)
    }
    #expect(made == 2 * Self.count)
    // Asynchronous work and streams may still run.
    try await eventually { gateway.currentState().totals.inFlight == 0 }
    let totals = gateway.currentState().totals
    #expect(totals.requests == Int64(made))
    #expect(totals.ok + totals.failed + totals.rejected == totals.requests)
    func count(_ what: String) -> Int64 { totals.events["phoenix_gen_api.executor.request.\(what)"] ?? 0 }
    #expect(count("start") == totals.requests)
    #expect(count("stop") + count("exception") == totals.requests)
    #expect(gateway.asyncPool.poolState().busy == 0 && gateway.streamPool.poolState().busy == 0)
  }

  private static func requests(_ thread: Int, _ gateway: Gateway) async -> Int {
    let connection = SilentConnection(gateway.newConnectionID())
    gateway.connectionOpened(
      connection.connectionID, transport: "test", identity: ClientIdentity(userID: "u\(thread)"))
    let types = ["echo", "fail", "later", "quiet", "parts", "secret", "far", "nothing"]
    for index in 0..<count {
      let type = types[index % types.count]
      _ = await gateway.execute(
        Request(
          service: "mixed", requestType: ByteText(type), requestID: "\(thread)-\(index)",
          args: type == "echo" ? ["a": "x"] : [:], userID: "u\(thread)", deviceID: "d\(index % 3)"),
        on: connection)
    }
    gateway.connectionClosed(connection.connectionID, reason: "test")
    return count
  }

  /// Everything an operator and a service may do meanwhile.
  private static func change(_ gateway: Gateway, _ subscription: TelemetrySubscription) async {
    let connection = SilentConnection(gateway.newConnectionID())
    gateway.connectionOpened(
      connection.connectionID, transport: "test", identity: ClientIdentity(userID: "op"))
    for round in 0..<(count / 20) {
      try? gateway.configs.add(
        FunctionConfig(
          service: "other", requestType: "t\(round % 10)", function: FunctionReference("M", "f"),
          version: "1.\(round % 5).0"))
      try? gateway.rateLimiter.setAPILimits([
        .api(
          service: "mixed", requestType: "echo", key: "user_id", maxRequests: 1 + round % 7,
          window: .milliseconds(100))
      ])
      try? gateway.relay.createGroup(
        groupID: "g\(round % 3)", type: .public, creator: "op", connection: connection)
      _ = try? gateway.relay.send(groupID: "g\(round % 3)", from: "op", message: "x", requestID: "r")
      if round % 4 == 3 { try? gateway.relay.leave(groupID: "g\(round % 3)", userID: "op") }
      _ = gateway.currentState()
      _ = gateway.health()
      _ = subscription.drain()
      await Task.yield()
    }
    gateway.connectionClosed(connection.connectionID, reason: "test")
  }
}

/// A client that throws away what it is sent.
private final class SilentConnection: ClientConnection {
  let connectionID: ConnectionID

  init(_ id: ConnectionID) { connectionID = id }

  func push(_ response: Response) {}
}
