import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("The pipeline of a request")
struct PipelineTests {
  @Test("a sync function's value is the result, and the request is one span")
  func sync() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("echo") { $0.arguments = ["message": ArgumentSpec(.string)] }
    _ = fixture.events()
    let response = await fixture.gateway.execute(fixture.request("echo", ["message": "hi"]))
    #expect(response == .sync("r1", ["hi"]))
    #expect(
      fixture.names() == ["executor.request.start", "rate_limiter.check", "executor.request.stop"])
  }

  @Test("a function that does not exist is unsupported, with the version asked for")
  func unsupported() async throws {
    let fixture = try GatewayFixture()
    #expect(
      await fixture.gateway.execute(fixture.request("nope"))
        == .error("r1", "unsupported function: nope version latest of service test"))
    #expect(
      await fixture.gateway.execute(fixture.request("nope", version: "2.0.0"))
        == .error("r1", "unsupported function: nope version 2.0.0 of service test"))
    let state = fixture.gateway.currentState()
    #expect(state.series.map(\.service) == ["(unsupported)"])
    #expect(state.totals.failed == 2)
  }

  @Test("whatever a client calls a service, what it is told of it is one line and not long")
  func hostileNames() async throws {
    let fixture = try GatewayFixture()
    let name = "\u{1B}[2J\n" + String(repeating: "n", count: 200)
    let response = await fixture.gateway.execute(
      Request(service: ByteText(name), requestType: ByteText(name), requestID: "r1", version: ByteText(name)))
    let text = response?.error?.string ?? ""
    #expect(
      text.hasPrefix("unsupported function: \u{241B}[2J\u{240A}nnn")
        && text.contains(" of service \u{241B}[2J"))
    #expect(text.utf8.count < 1_000 && text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test("a disabled function says so, with and without a version (W-24)")
  func disabled() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("echo") { $0.version = "1.0.0" }
    try fixture.gateway.configs.disable("test", "echo", version: "1.0.0")
    #expect(
      await fixture.gateway.execute(fixture.request())
        == .error("r1", "disabled function: echo version latest of service test"))
    #expect(
      await fixture.gateway.execute(fixture.request(version: "1.0.0"))
        == .error("r1", "disabled function: echo version 1.0.0 of service test"))
  }

  @Test("a denied request is told so, and consumes no rate limit")
  func permission() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 1, window: .seconds(60))]
    }
    try fixture.add("secret") { $0.permission = .role(["admin"]) }
    try fixture.add("open")
    #expect(
      await fixture.gateway.execute(fixture.request("secret")) == .error("r1", "Permission denied"))
    #expect(await fixture.gateway.execute(fixture.request("open"))?.success == true)
  }

  @Test("a refused request is told when to come back, in whole seconds rounded up (W-53)")
  func rateLimit() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 1, window: .milliseconds(1_500))]
    }
    try fixture.add()
    #expect(await fixture.gateway.execute(fixture.request())?.success == true)
    #expect(
      await fixture.gateway.execute(fixture.request())
        == .error("r1", "Rate limit exceeded. Please retry after 2 seconds.", canRetry: true))
    #expect(fixture.gateway.currentState().totals.rejected == 1)
  }

  @Test("a bad argument is named, and nothing is called")
  func argument() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("echo") { $0.arguments = ["message": ArgumentSpec(.string, maxBytes: 3)] }
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["message": 5]))
        == .error("r1", "Invalid argument: argument \"message\" must be a string, not a number"))
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["message": "long"]))
        == .error("r1", "Invalid argument: argument \"message\" is longer than 3 bytes"))
  }

  @Test("a function's own error reaches the client only with details on (W-05)")
  func internalError() async throws {
    for (detail, text) in [
      (false, "Internal Server Error"), (true, "Internal Server Error: no such row"),
    ] {
      let fixture = try GatewayFixture { $0.showsErrorDetail = detail }
      try fixture.add("fail") { _ in .error(FunctionError("no such row")) }
      #expect(await fixture.gateway.execute(fixture.request("fail")) == .error("r1", ByteText(text)))
      #expect(fixture.events().compactMap(\.stop).first?.error == "no such row")
    }
  }

  @Test("a function that throws is an exception, and the connection lives on (W-03)")
  func throwing() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("boom") { _ in throw FunctionError("boom") }
    #expect(
      await fixture.gateway.execute(fixture.request("boom")) == .error("r1", "Internal Server Error"))
    #expect(fixture.names().last == "executor.request.exception")
    let totals = fixture.gateway.currentState().totals
    #expect(totals.exceptions == 1)
    #expect(totals.requests == totals.ok + totals.failed + totals.rejected + totals.inFlight)
  }

  @Test("a function that does not answer in time is ended")
  func timeout() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("slow") {
      $0.timeout = .milliseconds(100)
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 60_000)
      return .ok(.null)
    }
    let response = await fixture.advancing {
      await fixture.gateway.execute(fixture.request("slow"))
    }
    #expect(response == .error("r1", "Internal Server Error"))
    #expect(fixture.events().compactMap(\.stop).first?.outcome == .timeout)
  }

  @Test("a request that asks for its info gets it as the last argument")
  func requestInfo() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("info") {
      $0.passesRequestInfo = true
      $0.function.arguments = ["first"]
    }
    let response = await fixture.gateway.execute(fixture.request("info"))
    #expect(
      response?.result == ["first", ["request_id": "r1", "user_id": "u1", "device_id": nil]])
  }

  @Test("what caused a request is in its info and in its events; a request without a cause has neither")
  func trace() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("info") { $0.passesRequestInfo = true }
    let parent: ByteText = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    var request = fixture.request("info")
    request.trace = TraceContext(parent: parent, state: "a=b")
    let response = await fixture.gateway.execute(request)
    let info = response?.result.array?.last
    #expect(info?["traceparent"] == .string(parent) && info?["tracestate"] == "a=b")
    let traces = fixture.events().compactMap { $0.request?.trace?.parent }
    #expect(traces.count >= 2 && traces.allSatisfy { $0 == parent })
  }

  @Test("every request that starts ends once, whatever happens to it (W-34)")
  func spans() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("ok")
    try fixture.add("fail") { _ in .error(FunctionError("no")) }
    try fixture.add("boom") { _ in throw FunctionError("boom") }
    try fixture.add("later") { $0.responseType = .async }
    try fixture.add("parts") { $0.responseType = .stream }
    let connection = fixture.connect()
    for type in ["ok", "fail", "boom", "later", "parts", "nope"] {
      var request = fixture.request(ByteText(type))
      request.requestID = ByteText(type)
      _ = await fixture.gateway.execute(request, on: connection)
    }
    // The async result, and the stream's end.
    _ = await connection.received(2)
    // A stream's last part leaves before its request is counted as ended.
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
    let names = fixture.names()
    #expect(names.count { $0 == "executor.request.start" } == 6)
    #expect(names.count { $0 == "executor.request.stop" || $0 == "executor.request.exception" } == 6)
    #expect(fixture.gateway.currentState().totals.inFlight == 0)
  }
}
