import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Differences from PhoenixGenApi: crash and outage")
struct OutageTests {
  @Test("hours of timers leave groups, pushes, limits and sticky keys alone (W-06, W-29)")
  func timers() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 5, window: .seconds(60))]
    }
    let gateway = fixture.gateway
    let config = FunctionConfig(
      service: "s", requestType: "t", nodes: .list(["a@test", "b@test"]), chooseNode: .sticky("user_id"),
      function: FunctionReference("S", "t"))
    for (name, registry) in fixture.nodes { registry.register("S.t") { _ in .ok(.string(ByteText(name))) } }
    try gateway.receiver.push(
      PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: [config]))
    try gateway.relay.createGroup(groupID: "g", type: .public, creator: "u1", connection: fixture.connect())
    let running = Task { try await gateway.run() }
    for _ in 0..<180 {
      await fixture.clock.waitForSleepers(2)
      fixture.clock.advance(by: .milliseconds(60_000))
    }
    #expect(gateway.relay.groups() == ["g"])
    #expect(gateway.receiver.verify(service: "s", version: "1") == .matched)
    #expect(gateway.rateLimiter.configuration.globalLimits.count == 1)
    #expect(
      await gateway.execute(Request(service: "s", requestType: "t", requestID: "1", userID: "u1"))?.success
        == true)
    running.cancel()
    _ = try? await running.value
  }

  @Test(
    "whatever a payload is, the client gets an answer and the connection lives (W-09, W-40)",
    arguments: [
      "7", "null", "[]", "\"x\"", "{", "", "{\"request_type\": 7}", "{\"args\": []}",
      "{\"service\":\"test\",\"request_type\":\"echo\",\"request_id\":\"1\",\"args\":[1]}",
      "{\"service\":\"test\",\"request_type\":7,\"request_id\":\"1\"}", "\u{FF}",
    ])
  func payloads(_ payload: ByteText) async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(Array(payload.utf8), from: ClientIdentity(), on: connection)
    #expect(connection.responses.count == 1)
    #expect(connection.responses[0].error?.hasPrefix("Invalid request: ") == true)
    _ = await fixture.gateway.handle(
      ["service": "test", "request_type": "echo", "request_id": "2"], from: ClientIdentity(), on: connection)
    #expect(connection.responses.last?.success == true)
  }

  @Test("every result can be encoded: bytes, numbers that are none, deep ones, dates (W-09, W-41)")
  func results() async throws {
    let fixture = try GatewayFixture()
    let results: [Value] = [
      .bytes([0, 255]), .double(.nan), .double(.infinity), .string("\u{0}\u{FFFF}\"\\"), ["a": [["b": nil]]],
    ]
    for (index, result) in results.enumerated() {
      try fixture.add("f\(index)") { _ in .ok(result) }
      let response = await fixture.gateway.execute(fixture.request("f\(index)"))
      let json = try #require(response?.value.json)
      let read = try Value(json: json)
      #expect(
        read.object?.keys.elements == [
          "request_id", "result", "success", "error", "async", "has_more", "can_retry",
        ])
    }
  }

  @Test("turns and sticky keys belong to the gateway, not to a connection (W-16)")
  func lifetimes() async throws {
    let fixture = try GatewayFixture()
    for (name, registry) in fixture.nodes {
      registry.register("Test.turn") { _ in .ok(.string(ByteText(name))) }
      registry.register("Test.stick") { _ in .ok(.string(ByteText(name))) }
    }
    try fixture.add("turn") {
      $0.nodes = .list(["a@test", "b@test"])
      $0.chooseNode = .roundRobin
    }
    try fixture.add("stick") {
      $0.nodes = .list(["a@test", "b@test"])
      $0.chooseNode = .sticky("user_id")
    }
    var turns: [ByteText?] = []
    var sticks = Set<ByteText?>()
    for _ in 0..<4 {
      let connection = fixture.connect()
      turns.append(await fixture.gateway.execute(fixture.request("turn"), on: connection)?.result.string)
      sticks.insert(await fixture.gateway.execute(fixture.request("stick"), on: connection)?.result.string)
      fixture.gateway.connectionClosed(connection.connectionID, reason: "test")
    }
    #expect(turns == ["a@test", "b@test", "a@test", "b@test"])
    #expect(sticks.count == 1)
  }

  @Test("one connection runs several requests at a time (W-35)")
  func concurrent() async throws {
    let fixture = try GatewayFixture()
    let both = TestRendezvous(2)
    try fixture.add("meet") { _ in
      await both.arrive()
      return .ok("met")
    }
    let connection = fixture.connect()
    // Neither can end before the other has begun.
    await withTaskGroup(of: Void.self) { group in
      for id in ["1", "2"] {
        group.addTask {
          _ = await fixture.gateway.handle(
            ["service": "test", "request_type": "meet", "request_id": .string(ByteText(id))],
            from: ClientIdentity(),
            on: connection)
        }
      }
    }
    #expect(Set(connection.responses.map(\.requestID)) == ["1", "2"])
  }
}
