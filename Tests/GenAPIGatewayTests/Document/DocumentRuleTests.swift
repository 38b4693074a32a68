import GenAPITelemetry
import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("The document: limits, permissions, relay, telemetry")
struct DocumentRuleTests {
  // MARK: Rate limiter

  private static func limited() throws -> GatewayFixture {
    try GatewayFixture {
      $0.rateLimiter.enabled = true
      $0.rateLimiter.failOpen = true
      $0.rateLimiter.instanceCount = nil
      $0.rateLimiter.routing = .hash
      $0.rateLimiter.globalLimits = [
        .global(key: "user_id", maxRequests: 2_000, window: .seconds(60)),
        .global(key: "device_id", maxRequests: 10_000, window: .seconds(60)),
      ]
      $0.rateLimiter.apiLimits = [
        .api(
          service: "data_service", requestType: "export_data", key: "user_id", maxRequests: 10,
          window: .seconds(60))
      ]
    }
  }

  @Test("rate limiter: the sample configuration, and its expensive operation")
  func limits() async throws {
    let fixture = try Self.limited()
    try fixture.gateway.register(ServiceEndpoints("data_service") { Endpoint("export_data") { 1 } })
    let request = Request(
      service: "data_service", requestType: "export_data", requestID: "1", userID: "user_123")
    for _ in 0..<10 { #expect(await fixture.gateway.execute(request)?.success == true) }
    let refused = await fixture.gateway.execute(request)
    #expect(refused?.error == "Rate limit exceeded. Please retry after 60 seconds.")
    #expect(refused?.canRetry == true)
  }

  @Test("rate limiter: check a request, check directly, add a limit, replace the configuration, switch off")
  func limiterRuntime() throws {
    let fixture = try Self.limited()
    let limiter = fixture.gateway.rateLimiter
    #expect(limiter.check(keyValue: "user_123", scope: .global, key: "user_id") == .allowed)
    let scope = RateLimitScope.api(service: "data_service", requestType: "export_data")
    for _ in 0..<10 { _ = limiter.check(keyValue: "user_123", scope: scope, key: "user_id") }
    guard case .limited(let details) = limiter.check(keyValue: "user_123", scope: scope, key: "user_id")
    else {
      Issue.record("not limited")
      return
    }
    #expect(details.retryAfterMs == 60_000)
    try limiter.addLimit(.global(key: "ip_address", maxRequests: 5_000, window: .seconds(60)))
    #expect(limiter.configuration.globalLimits.map(\.key) == ["user_id", "device_id", "ip_address"])
    var off = limiter.configuration
    off.enabled = false
    try limiter.updateConfiguration(off)
    #expect(limiter.check(keyValue: "user_123", scope: scope, key: "user_id") == .allowed)
  }

  @Test(
    "rate limiter: keys are user_id, device_id, ip_address or any argument",
    arguments: [
      "user_id", "device_id", "ip_address", "tenant",
    ])
  func keys(_ key: RequestKey) async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: key, maxRequests: 1, window: .seconds(1))]
    }
    try fixture.add { $0.arguments = ["tenant": ArgumentSpec(.string)] }
    let request = Request(
      service: "test", requestType: "echo", requestID: "1", args: ["tenant": "acme"], userID: "u",
      deviceID: "d", ipAddress: "10.0.0.1")
    #expect(await fixture.gateway.execute(request)?.success == true)
    #expect(await fixture.gateway.execute(request)?.canRetry == true)
  }

  // MARK: Permissions

  private func allowed(
    _ mode: PermissionMode, user: ByteText?, roles: [ByteText]? = nil, args: ValueObject = [:]
  )
    -> Bool
  {
    PermissionCheck.allows(
      Request(
        service: "s", requestType: "t", requestID: "1", args: args, userID: user, userRoles: roles), mode,
      readsOneLevelDown: false)
  }

  @Test("permissions: disabled, any authenticated, argument, role, as the samples say")
  func permissions() {
    #expect(allowed(.open, user: nil))
    #expect(allowed(.anyAuthenticated, user: "u") && !allowed(.anyAuthenticated, user: nil))
    #expect(!allowed(.anyAuthenticated, user: ""))
    #expect(allowed(.argument("user_id"), user: "user_123", args: ["user_id": "user_123"]))
    #expect(!allowed(.argument("user_id"), user: "user_123", args: ["user_id": "user_999"]))
    #expect(!allowed(.argument("user_id"), user: "user_123"))
    #expect(!allowed(.argument("user_id"), user: nil, args: ["user_id": "user_123"]))
    let roles = PermissionMode.role(["admin", "moderator"])
    #expect(allowed(roles, user: "u", roles: ["admin"]) && !allowed(roles, user: "u", roles: ["user"]))
    #expect(!allowed(roles, user: "u", roles: nil))
  }

  @Test("permissions: checked before arguments, so a stranger learns nothing of them")
  func permissionFirst() async throws {
    let fixture = try GatewayFixture()
    try fixture.add {
      $0.permission = .role(["admin"])
      $0.arguments = ["secret_argument": ArgumentSpec(.string)]
    }
    #expect(await fixture.gateway.execute(fixture.request())?.error == "Permission denied")
  }

  // MARK: Relay

  private static func relay() throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "chat_service", requestType: "relay_msg", nodes: .local,
        function: FunctionReference("PhoenixGenApi.Relay", "handle_relay"),
        arguments: ["group_id": ArgumentSpec(.string), "message": ArgumentSpec(.string)],
        argumentOrder: .names(["group_id", "message"]), responseType: .sync, permission: .anyAuthenticated))
    return fixture
  }

  @Test("relay: the client's payload reaches every member through the gateway (W-48, W-08)")
  func relayMessage() async throws {
    let fixture = try Self.relay()
    let (a, b) = (fixture.connect(), fixture.connect(ClientIdentity(userID: "user_2")))
    try fixture.gateway.relay.createGroup(groupID: "room_1", type: .public, creator: "user_1", connection: a)
    try fixture.gateway.relay.join(groupID: "room_1", userID: "user_2", connection: b)
    let payload: Value = [
      "service": "chat_service", "request_type": "relay_msg", "request_id": "req_123",
      "args": ["group_id": "room_1", "message": "Hello everyone!"],
    ]
    _ = await fixture.gateway.handle(payload, from: ClientIdentity(userID: "user_1"), on: a)
    let received = await b.received(1)[0]
    #expect(received.requestID == "req_123" && received.success)
    #expect(received.result["group_id"] == "room_1" && received.result["from_user_id"] == "user_1")
    #expect(received.result["message"] == "Hello everyone!")
    #expect(received.result["timestamp"]?.string?.hasSuffix("Z") == true)
    let own = await a.received(2)
    #expect(own.contains { $0.result == ["status": "relayed", "recipients_count": 2] })
    #expect(own.contains { $0.result["message"] == "Hello everyone!" })
  }

  @Test("relay: the direct API, group type by group type")
  func relayDirect() throws {
    let fixture = try Self.relay()
    let relay = fixture.gateway.relay
    let connections = (0..<3).map { _ in fixture.connect() }
    try relay.createGroup(groupID: "open", type: .public, creator: "admin", connection: connections[0])
    #expect(try relay.join(groupID: "open", userID: "user_2", connection: connections[1]) == .active)
    try relay.leave(groupID: "open", userID: "user_2")
    try relay.createGroup(
      groupID: "closed", type: .strictPrivate, creator: "admin", connection: connections[0])
    #expect(try relay.join(groupID: "closed", userID: "user_2", connection: connections[1]) == .pending)
    try relay.accept(groupID: "closed", actor: "admin", userID: "user_2")
    try relay.mute(groupID: "closed", actor: "admin", userID: "user_2")
    #expect(throws: RelayError.self) {
      try relay.send(groupID: "closed", from: "user_2", message: "x", requestID: "1")
    }
    try relay.unmute(groupID: "closed", actor: "admin", userID: "user_2")
    #expect(try relay.send(groupID: "closed", from: "user_2", message: "x", requestID: "1") == 2)
    #expect(try relay.groupInfo(groupID: "closed").activeCount == 2)
    for connection in connections {
      fixture.gateway.connectionClosed(connection.connectionID, reason: "test")
    }
    #expect(throws: RelayError.self) { try relay.groupInfo(groupID: "closed") }
  }

  // MARK: Telemetry

  @Test("telemetry: attach to all, to a part, list, detach; the request's duration arrives (W-57)")
  func telemetry() async throws {
    let fixture = try GatewayFixture()
    let bus = fixture.gateway.bus
    let all = Mutex<[ByteText]>([])
    let durations = Mutex<[Int64]>([])
    let done = TestRendezvous(2)
    try bus.attachAll("my-app") { emitted in
      all.withLock { $0.append(ByteText(emitted.event.name.path.string)) }
    }
    try bus.attachExecutor("my-app-exec") { emitted in
      guard case .requestStop(let stop) = emitted.event else { return }
      durations.withLock { $0.append(stop.durationUs) }
      Task { await done.arrive() }
    }
    #expect(TelemetryBus.listEvents().count == 31)
    try fixture.add()
    _ = await fixture.gateway.execute(fixture.request())
    await done.arrive()
    #expect(durations.withLock { $0.count } == 1)
    #expect(bus.detach("my-app") && bus.detach("my-app-exec") && !bus.detach("my-app"))
    #expect(all.withLock { $0.allSatisfy { $0.hasPrefix("phoenix_gen_api.") } })
  }

  @Test("a rejected task is an event with its reason")
  func rejectedTask() async throws {
    let fixture = try GatewayFixture { $0.asyncPool = WorkerPoolConfiguration(workers: 1, queueLimit: 0) }
    let both = TestRendezvous(2)
    try fixture.add("later") {
      $0.responseType = .async
    } _: { _ in
      await both.arrive()
      return .ok(1)
    }
    let connection = fixture.connect()
    for id in ["1", "2"] {
      var request = fixture.request("later")
      request.requestID = ByteText(id)
      _ = await fixture.gateway.execute(request, on: connection)
    }
    #expect(fixture.names().contains("worker_pool.task.rejected"))
    await both.arrive()
    _ = await connection.received(1)
  }

  // MARK: Hooks and helpers

  @Test("hooks: five seconds each, the request lives on (W-17)")
  func hooks() async throws {
    let fixture = try GatewayFixture()
    fixture.gateway.functions.registerAfterHook("Test.stuck") { [clock = fixture.clock] _, _, response, _ in
      try await clock.sleep(nanoseconds: 3_600_000_000_000)
      return response
    }
    try fixture.add { $0.afterExecute = FunctionReference("Test", "stuck") }
    let gateway = fixture.gateway
    let request = fixture.request()
    let response = await fixture.advancing(by: 1_000) { await gateway.execute(request) }
    #expect(response?.success == true)
    #expect(fixture.names().contains("hook.after.exception"))
    #expect(fixture.gateway.currentState().hooks.map(\.failures) == [1])
  }

  @Test("the seven console helpers print")
  func helpers() throws {
    let reports = try Self.limited().gateway.reports
    #expect(reports.rateLimitStatus(user: "user_123").contains("0/2000"))
    #expect(reports.globalLimits().contains("device_id  10000"))
    #expect(reports.rateLimits().contains("data_service/export_data"))
    #expect(reports.configStore() == "0 functions of 0 services: none")
    #expect(reports.pools().contains("stream_pool"))
    #expect(reports.pushedServices() == "No pushed services registered.")
  }
}
