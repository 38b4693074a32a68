import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("A deadline of a function's own")
struct OwnTimeoutTests {
  enum Door: String, CaseIterable, Sendable {
    case plain, suspending, blocking, asynchronous, onNode, beforeHook, afterHook, permission
  }

  @Test(
    "that is over is a failure of the function's, hook's or callback's, and no timeout of its request's",
    arguments: Door.allCases, [true, false])
  func failure(_ door: Door, _ isOfNode: Bool) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    let error: any Error & Sendable =
      isOfNode ? RemoteCallError.timeout(.seconds(5)) : DeadlineExceeded(milliseconds: 5)
    switch door {
    case .plain:
      fixture.gateway.functions.register("Test.echo") { (_: FunctionCall) throws -> FunctionResult in
        throw error
      }
      try fixture.gateway.configs.add(
        FunctionConfig(service: "test", requestType: "echo", function: FunctionReference("Test", "echo")))
    case .suspending:
      try fixture.add("echo") { _ in
        await Task.yield()
        throw error
      }
    case .blocking:
      fixture.gateway.functions.registerBlocking("Test.echo") { _ in throw error }
      try fixture.gateway.configs.add(
        FunctionConfig(service: "test", requestType: "echo", function: FunctionReference("Test", "echo")))
    case .asynchronous: try fixture.add("echo", { $0.responseType = .async }) { _ in throw error }
    case .onNode:
      fixture.nodes["a@test"]?.register("Svc.echo") { (_: FunctionCall) async throws -> FunctionResult in
        throw error
      }
      try fixture.push("echo") { $0.nodes = .list(["a@test"]) }
    case .beforeHook:
      fixture.gateway.functions.registerBeforeHook("Test.hook") { _, _, _ in throw error }
      try fixture.add("echo") { $0.beforeExecute = FunctionReference("Test", "hook") }
    case .afterHook:
      fixture.gateway.functions.registerAfterHook("Test.hook") { _, _, _, _ in throw error }
      try fixture.add("echo") { $0.afterExecute = FunctionReference("Test", "hook") }
    case .permission:
      fixture.gateway.functions.registerPermission("Test.may") { _, _ in throw error }
      try fixture.add("echo") { $0.permissionCallback = FunctionReference("Test", "may") }
    }
    let connection = fixture.connect()
    let request = Request(
      service: door == .onNode ? "svc" : "test", requestType: "echo", requestID: "r1", userID: "u1")
    let response = await fixture.gateway.execute(request, on: connection)
    if door == .asynchronous { _ = await connection.received(1) }
    try await eventually {
      fixture.gateway.currentState().totals.inFlight == 0 && lines.entries.contains { $0.level == .error }
    }
    let series = fixture.gateway.currentState().series.first { $0.requestType == "echo" }
    #expect(series?.outcomes["timeout"] == nil, "\(series?.outcomes as Any)")
    #expect(response?.error?.string.contains("timed out") != true, "\(response as Any)")
    let messages = lines.entries.filter { $0.level == .error }.map { "\($0.message)" }
    #expect(messages.count == 1 && messages.allSatisfy { $0.contains("failed") }, "\(messages)")
    let kinds = fixture.events().compactMap { event -> ByteText? in
      if case .hookException(_, _, let failure) = event { failure.kind } else { nil }
    }
    #expect(!kinds.contains("timeout"))
  }
}
