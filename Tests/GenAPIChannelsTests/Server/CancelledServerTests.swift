import GenAPITesting
import GenAPIValue
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("A server whose run is cancelled, as a group does when a part of it fails")
struct CancelledServerTests {
  @Test(
    "drains as at a shutdown: what ends in time is answered, the rest is told, and sockets are closed with 1001",
    .timeLimit(.minutes(2)))
  func drains() async throws {
    let fixture = try await ServerFixture()
    await fixture.server.stop()
    var configuration = PhoenixServerConfiguration(port: 0)
    configuration.channels.event = "api"
    configuration.drainTimeout = .seconds(4)
    configuration.channels.requiresVerifiedUserID = false
    let server = try PhoenixServer(
      gateway: fixture.gateway, configuration: configuration, authenticator: ServerFixture.userInQuery)
    let run = Task { try await server.run() }
    try await eventually { server.boundAddress?.port != nil }
    let socket = try await TestSocket.connect(
      port: try #require(server.boundAddress?.port), parameters: ["user": "u1"])
    let join = try await socket.join()
    socket.push(ServerFixture.request("slowly", ["milliseconds": 300], id: "short"), joinRef: join, ref: "r1")
    socket.push(ServerFixture.request("stuck", id: "long"), joinRef: join, ref: "r2")
    try await eventually { server.statistics.inFlight == 2 }
    run.cancel()
    var answers: [ByteText: Value] = [:]
    var code: UInt16?
    while code == nil, let event = await socket.next() {
      switch event {
      case .message(let message):
        if let value = message.value, let id = value["request_id"]?.string { answers[id] = value }
      case .closed(let closed, _): code = closed
      }
    }
    try await run.value
    #expect(code == 1_001)
    #expect(answers["short"]?["result"] == "slow")
    #expect(answers["long"]?["error"] == "Service shut down before the answer; it may have been done")
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
  }
}
