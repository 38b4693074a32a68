import GenAPIGateway
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import TestExtremes
import Testing

@Suite("Samples of the articles: limits, permissions, relay, telemetry")
struct RuleSamples {
  @Test("rate limiting")
  func limits() async throws {
    // sample: limits
    var configuration = GatewayConfiguration(node: "gw1")
    configuration.rateLimiter.globalLimits = [
      .global(key: "user_id", maxRequests: 2_000, window: .seconds(60)),
      .global(key: "ip_address", maxRequests: 10_000, window: .seconds(60)),
    ]
    configuration.rateLimiter.apiLimits = [
      .api(
        service: "data_service", requestType: "export_data", key: "user_id", maxRequests: 10,
        window: .seconds(60))
    ]
    let gateway = try Gateway(configuration: configuration)
    // end
    // sample: limits at run time
    let limiter = gateway.rateLimiter
    try limiter.addLimit(.global(key: "device_id", maxRequests: 5_000, window: .seconds(60)))
    let status = limiter.status(keyValue: "user_123", scope: .global, key: "user_id")
    limiter.reset(keyValue: "user_123", scope: .global, key: "user_id")
    // end
    #expect(status.map(\.remaining) == [2_000])
    // sample: a direct check
    switch limiter.check(keyValue: "user_123", scope: .global, key: "user_id") {
    case .allowed: break
    case .limited(let exceeded): print("again in \(exceeded.retryAfterMs) ms")
    case .unavailable: print("the check itself failed, and fail_open is off")
    }
    // end
  }

  @Test("permissions")
  func permissions() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let banned: Set<ByteText> = ["mallory"]
    // sample: permissions
    try gateway.register(
      ServiceEndpoints("accounts") {
        Endpoint("search") { [String]() }
        Endpoint("profile") { "yours" }.permission(.anyAuthenticated)
        Endpoint("balance", Argument("user_id", String.self)) { id in id }
          .permission(.argument("user_id"))
        Endpoint("delete", Argument("user_id", String.self)) { id in id }
          .permission(.role(["admin", "moderator"]))
        Endpoint("post") { "posted" }
          .permission { request in request.userID.map { !banned.contains($0) } ?? false }
      })
    // end
    func call(_ type: ByteText, user: ByteText?, roles: [ByteText]? = nil) async -> ByteText? {
      let args: ValueObject = type == "balance" || type == "delete" ? ["user_id": "ann"] : [:]
      let request = Request(
        service: "accounts", requestType: type, requestID: "1", args: args, userID: user, userRoles: roles)
      return await gateway.execute(request)?.error
    }
    #expect(await call("search", user: nil) == nil)
    #expect(await call("balance", user: "ann") == nil)
    #expect(await call("balance", user: "bob") == "Permission denied")
    #expect(await call("delete", user: "bob", roles: ["admin"]) == nil)
    #expect(await call("post", user: "mallory") == "Permission denied")
    await gateway.callWithExtremes()
  }

  @Test("relay")
  func relay() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let connection = TestConnection(gateway.newConnectionID())
    let other = TestConnection(gateway.newConnectionID())
    // sample: the relay as a function
    try gateway.configs.add(
      FunctionConfig(
        service: "chat_service", requestType: "relay_msg",
        function: FunctionReference("Relay", "handle_relay"),
        arguments: ["group_id": ArgumentSpec(.string), "message": ArgumentSpec(.string)],
        argumentOrder: .names(["group_id", "message"]), permission: .anyAuthenticated))
    // end
    // sample: groups
    let relay = gateway.relay
    try relay.createGroup(groupID: "room_1", type: .strictPrivate, creator: "ann", connection: connection)
    try relay.join(groupID: "room_1", userID: "bob", connection: other)  // pending
    try relay.accept(groupID: "room_1", actor: "ann", userID: "bob")
    try relay.mute(groupID: "room_1", actor: "ann", userID: "bob")
    let recipients = try relay.send(
      groupID: "room_1", from: "ann", message: "Hello", requestID: "req_1")
    // end
    #expect(recipients == 2)
    await gateway.callWithExtremes()
  }

  @Test("telemetry")
  func telemetry() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: handlers
    try gateway.bus.attachExecutor("slow-requests") { emitted in
      guard case .requestStop(let stop) = emitted.event, stop.durationUs > 250_000 else { return }
      print("slow: \(stop.request.function.requestType)")
    }
    try gateway.bus.attach("metrics", MetricsAdapter())
    // end
    // sample: a queue of one's own
    let subscription = try gateway.bus.subscribe("audit", to: .category(.config))
    try gateway.register(ServiceEndpoints("s") { Endpoint("t") { 1 } })
    let changes = subscription.drain().events.map(\.event.name.path)
    // end
    #expect(changes == ["phoenix_gen_api.config.add"])
    // sample: traces
    try gateway.bus.attach("tracing", TracingAdapter())
    // end
    // sample: exact numbers
    let state = gateway.currentState()
    let requests = state.totals.requests
    let slowest = state.series.max { ($0.latency.quantile(0.99) ?? 0) < ($1.latency.quantile(0.99) ?? 0) }
    print(gateway.reports.health())
    // end
    #expect(requests == 0 && slowest != nil)
    #expect(gateway.bus.detach("slow-requests") && gateway.bus.detach("metrics"))
  }
}
