import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("What no node could be reached for")
struct UnreachedTests {
  @Test(
    "a function that ran nowhere may be asked for again: its client reads so, it is counted, and the log has a line",
    arguments: ResponseType.allCases)
  func unreached(_ type: ResponseType) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test", "b@test"]),
        function: FunctionReference("Svc", "who"), responseType: type))
    for name in ["a@test", "b@test"] as [ByteText] { fixture.cluster.setUp(name, false) }
    let unavailable = Response.error("r1", "Service temporarily unavailable", canRetry: true)
    switch type {
    case .sync: #expect(await fixture.gateway.execute(fixture.request("who")) == unavailable)
    case .async, .stream:
      let connection = fixture.connect()
      _ = await fixture.gateway.handle(
        ["service": "test", "request_type": "who", "request_id": "r1"], from: .anonymous, on: connection)
      #expect(await connection.received(2).last == unavailable)
    case .none: _ = await fixture.gateway.execute(fixture.request("who"))
    }
    try await eventually {
      fixture.gateway.currentState().series.first?.outcomes["unreachable"] == 1
        && lines.entries.contains {
          "\($0.message)"
            == "a function was not called: none of its nodes could be reached; its client may try again"
        }
    }
  }

  @Test("a before hook that no node could be reached for was not called: its client may ask again")
  func hook() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), beforeExecute: FunctionReference("Svc", "before")))
    fixture.cluster.setUp("a@test", false)
    #expect(
      await fixture.gateway.execute(fixture.request("who"))
        == .error("r1", "Service temporarily unavailable", canRetry: true))
    #expect(
      lines.entries.map { "\($0.message)" }.contains(
        "a before hook was not called: none of its nodes could be reached; the client may try again"))
  }

  @Test("where an attempt before may have done it, nobody is told to try again")
  func retried() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), retry: .sameNode(1)))
    fixture.cluster.setUp("a@test", false)
    let response = await fixture.advancing { await fixture.gateway.execute(fixture.request("who")) }
    #expect(response == .error("r1", "all retry attempts exhausted"))
  }
}
