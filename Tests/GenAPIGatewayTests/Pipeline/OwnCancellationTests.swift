import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("A CancellationError that code throws while nobody cancelled it is a failure as any other")
struct OwnCancellationTests {
  enum Thrower: String, CaseIterable, Sendable {
    case plain, suspending, asynchronous, stream, result, middleware, encoder, node
    case beforeHook, afterHook, permission

    fileprivate func build(_ fixture: GatewayFixture) throws {
      let functions = fixture.gateway.functions
      switch self {
      case .plain:
        functions.register("Test.plain") { (_: FunctionCall) throws -> FunctionResult in
          throw CancellationError()
        }
        try fixture.gateway.configs.add(
          FunctionConfig(service: "test", requestType: "f", function: FunctionReference("Test", "plain")))
      case .suspending: try fixture.add("f") { _ in throw CancellationError() }
      case .asynchronous:
        try fixture.add("f", { $0.responseType = .async }) { _ in throw CancellationError() }
      case .stream:
        try fixture.gateway.register(
          Endpoint(streaming: "f") { _ in throw CancellationError() }, service: "test")
      case .result:
        try fixture.gateway.register(
          Endpoint(performing: "f") {
            // A time limit of its own.
            let child = Task { try await Task.sleep(for: .seconds(3_600)) }
            child.cancel()
            try await child.value
          }, service: "test")
      case .middleware:
        try fixture.gateway.register(
          Endpoint("f") { 1 }.middleware { _, _ in throw CancellationError() }, service: "test")
      case .encoder:
        functions.register("Test.encode") { _ in throw CancellationError() }
        try fixture.add("f", { $0.resultEncoder = FunctionReference("Test", "encode") }) { _ in .ok(1) }
      case .node:
        fixture.nodes["a@test"]!.register("Test.f") { _ in throw CancellationError() }
        try fixture.gateway.configs.add(
          FunctionConfig(
            service: "test", requestType: "f", nodes: .list(["a@test"]),
            function: FunctionReference("Test", "f")))
      case .beforeHook:
        functions.registerBeforeHook("Test.hook") { _, _, _ in throw CancellationError() }
        try fixture.add("f") { $0.beforeExecute = FunctionReference("Test", "hook") }
      case .afterHook:
        functions.registerAfterHook("Test.hook") { _, _, _, _ in throw CancellationError() }
        try fixture.add("f") { $0.afterExecute = FunctionReference("Test", "hook") }
      case .permission:
        functions.registerPermission("Test.may") { _, _ in throw CancellationError() }
        try fixture.add("f") { $0.permissionCallback = FunctionReference("Test", "may") }
      }
    }
  }

  @Test(
    "it is a line of the log, and the function's last error", .timeLimit(.minutes(1)),
    arguments: Thrower.allCases)
  func told(_ thrower: Thrower) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try thrower.build(fixture)
    let connection = fixture.connect()
    _ = await fixture.gateway.execute(fixture.request("f"), on: connection)
    if thrower == .asynchronous || thrower == .stream { _ = try await connection.next() }
    let errors = lines.entries.filter { $0.level == .error }
    #expect(errors.count == 1, "\(lines.entries.map(\.message))")
    let error = errors.first?.metadata["error"].map { "\($0)" } ?? ""
    #expect(error.contains("CancellationError"))
    if ![.afterHook, .permission, .beforeHook].contains(thrower) {
      // Of a stream it is noted a moment after its client was told.
      var last: ByteText?
      while last == nil {
        last = fixture.gateway.currentState().series.compactMap(\.lastError).first
        await Task.yield()
      }
      #expect(last?.string.contains("CancellationError") == true)
    }
    #expect(fixture.gateway.currentState().totals.cancelled == 0)
  }

  @Test("that of a function whose client went is none")
  func clientGone() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    let clock = fixture.clock
    try fixture.add("f") { _ in
      try await clock.sleep(for: .seconds(60))
      return .ok(1)
    }
    let (gateway, request) = (fixture.gateway, fixture.request("f"))
    let call = Task { await gateway.execute(request) }
    await clock.waitForSleepers(of: .seconds(60))
    call.cancel()
    _ = await call.value
    #expect(lines.entries.filter { $0.level == .error }.isEmpty)
    #expect(gateway.currentState().totals.cancelled == 1)
  }
}
