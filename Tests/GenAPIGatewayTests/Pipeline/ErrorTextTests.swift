import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Every error text of the specification reaches the client")
struct ErrorTextTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: ByteText
    var canRetry = false
    var request: Value
    var configure: @Sendable (inout GatewayConfiguration) -> Void = { _ in }
    var set: @Sendable (inout FunctionConfig) -> Void = { _ in }
    var result: FunctionResult = .ok(1)
    /// Asked first, for limits.
    var warmUps = 0

    var testDescription: String { text.string }
  }

  private static func request(_ fields: ValueObject = [:]) -> Value {
    var object: ValueObject = ["service": "test", "request_type": "echo", "request_id": "r1"]
    for (key, value) in fields { object[key] = value }
    return .object(object)
  }

  static let cases: [Case] = [
    Case(
      text: "Invalid request: Request payload exceeds maximum size of 1024 bytes (got 1074 bytes)",
      request: request(["args": ["a": .string(ByteText(String(repeating: "x", count: 1_000)))]]),
      configure: { $0.maxPayloadBytes = 1_024 }),
    Case(text: "Invalid request: Malformed request payload: expected an object, got array", request: []),
    Case(
      text: "Invalid request: Malformed request payload: args must be an object, got array",
      request: request(["args": []])),
    Case(
      text: "Invalid request: Missing required fields: request_type, request_id, service",
      request: .object([:])),
    Case(
      text: "unsupported function: nothing version latest of service test",
      request: request(["request_type": "nothing"])),
    Case(
      text: "unsupported function: echo version 9.0.0 of service test", request: request(["version": "9.0.0"])
    ),
    Case(
      text: "disabled function: echo version latest of service test", request: request(),
      set: { $0.disabled = true }),
    Case(
      text: "Internal Server Error", request: request(),
      set: { $0.beforeExecute = FunctionReference("Test", "nowhere") }),
    Case(text: "Permission denied", request: request(), set: { $0.permission = .role(["admin"]) }),
    Case(
      text: "Rate limit exceeded. Please retry after 60 seconds.", canRetry: true, request: request(),
      configure: {
        $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 1, window: .seconds(60))]
      },
      warmUps: 1),
    Case(
      text: "Invalid argument: unknown argument \"x\"", request: request(["args": ["x": 1]]),
      set: { $0.arguments = ["a": ArgumentSpec(.any, allowsNil: true)] }),
    Case(
      text: "Invalid argument: missing argument \"a\"", request: request(),
      set: { $0.arguments = ["a": ArgumentSpec(.num)] }),
    Case(text: "Internal Server Error", request: request(), result: .error(FunctionError("why"))),
    Case(
      text: "Internal Server Error: why", request: request(), configure: { $0.showsErrorDetail = true },
      result: .error(FunctionError("why"))),
    Case(
      text: "all retry attempts exhausted", request: request(), set: { $0.retry = .sameNode(1) },
      result: .error(FunctionError("why"))),
    Case(
      text: "all retry attempts exhausted: why", request: request(),
      configure: { $0.showsErrorDetail = true },
      set: { $0.retry = .sameNode(1) }, result: .error(FunctionError("why"))),
    Case(
      text: "worded for the client", request: request(), set: { $0.retry = .sameNode(1) },
      result: .error(FunctionError("worded for the client", isForClient: true))),
    Case(
      text: "worded for the client", request: request(),
      result: .error(FunctionError("worded for the client", isForClient: true))),
  ]

  @Test("word for word", arguments: cases)
  func text(_ wanted: Case) async throws {
    let fixture = try GatewayFixture(wanted.configure)
    try fixture.add("echo") {
      $0.timeout = .seconds(300)
      wanted.set(&$0)
    } _: { _ in
      wanted.result
    }
    let connection = fixture.connect()
    let gateway = fixture.gateway
    // Retries wait on the clock.
    await fixture.advancing {
      for _ in 0...wanted.warmUps {
        _ = await gateway.handle(
          wanted.request.jsonBytes, from: ClientIdentity(userID: "u1"), on: connection)
      }
    }
    #expect(connection.responses.last?.error == wanted.text)
    #expect(connection.responses.last?.canRetry == wanted.canRetry)
    #expect(connection.responses.last?.success == false)
  }

  @Test("a pool that is full, and a limiter that is broken, say so and may be asked again")
  func unavailable() async throws {
    let fixture = try GatewayFixture { $0.asyncPool = WorkerPoolConfiguration(workers: 1, queueLimit: 0) }
    let both = TestRendezvous(2)
    try fixture.add("later") {
      $0.responseType = .async
    } _: { _ in
      await both.arrive()
      return .ok(1)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.execute(fixture.request("later"), on: connection)
    var second = fixture.request("later")
    second.requestID = "r2"
    let refused = await fixture.gateway.execute(second, on: connection)
    #expect(refused?.error == "Service temporarily unavailable" && refused?.canRetry == true)
    await both.arrive()
    _ = await connection.received(1)
    #expect(ClientTexts.limiterUnavailable == "Rate limit service unavailable")
  }

  @Test("relay answers are worded for the client")
  func relay() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "chat", requestType: "relay_msg",
        function: FunctionReference("PhoenixGenApi.Relay", "handle_relay"),
        arguments: ["group_id": ArgumentSpec(.string), "message": ArgumentSpec(.string)],
        argumentOrder: .names(["group_id", "message"]), permission: .anyAuthenticated))
    let relay = fixture.gateway.relay
    let connection = fixture.connect()
    try relay.createGroup(groupID: "g", type: .strictPrivate, creator: "admin", connection: fixture.connect())
    func send(_ group: ByteText) async -> ByteText? {
      let response = await fixture.gateway.execute(
        Request(
          service: "chat", requestType: "relay_msg", requestID: "1",
          args: ["group_id": .string(group), "message": "hi"], userID: "u1"), on: connection)
      return response?.error
    }
    #expect(await send("other") == "Group not found")
    #expect(await send("g") == "Not a member of this group")
    try relay.join(groupID: "g", userID: "u1", connection: connection)
    #expect(await send("g") == "Pending membership: wait for acceptance")
    try relay.accept(groupID: "g", actor: "admin", userID: "u1")
    try relay.mute(groupID: "g", actor: "admin", userID: "u1")
    #expect(await send("g") == "You are muted and cannot send messages")
  }
}
