import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("What a program's code throws is in the log")
struct ThrownErrorLogTests {
  private struct Broken: Error, CustomStringConvertible {
    var description: String { "disk \u{1B}[31m is full\n" + String(repeating: "x", count: 5_000) }
  }

  fileprivate enum Thrower: String, CaseIterable, Sendable {
    case plainFunction, suspendingFunction, retriedFunction, asynchronousFunction, functionOfNode
    case endpoint, answerOfNode, retriedEndpoint, finalEndpoint
    case middleware, ownErrorOfMiddleware, beforeHook, afterHook, permission

    /// Says "no" in words that are not for clients.
    private var failing: Endpoint {
      Endpoint(performing: "echo") { throw FunctionError(ByteText("\(Broken())")) }
    }

    func build(_ fixture: GatewayFixture) throws {
      let functions = fixture.gateway.functions
      switch self {
      case .plainFunction:
        functions.register("Test.plain") { (_: FunctionCall) throws -> FunctionResult in throw Broken() }
        try fixture.gateway.configs.add(
          FunctionConfig(service: "test", requestType: "echo", function: FunctionReference("Test", "plain")))
      case .suspendingFunction: try fixture.add("echo") { _ in throw Broken() }
      case .retriedFunction: try fixture.add("echo", { $0.retry = .sameNode(2) }) { _ in throw Broken() }
      case .asynchronousFunction:
        try fixture.add("echo", { $0.responseType = .async }) { _ in throw Broken() }
      case .functionOfNode:
        fixture.nodes["a@test"]!.register("Test.echo") { _ in throw Broken() }
        try fixture.gateway.configs.add(
          FunctionConfig(
            service: "test", requestType: "echo", nodes: .list(["a@test"]),
            function: FunctionReference("Test", "echo")))
      case .endpoint: try fixture.gateway.register(failing, service: "test")
      case .retriedEndpoint: try fixture.gateway.register(failing.retry(.sameNode(2)), service: "test")
      case .finalEndpoint:
        try fixture.gateway.register(
          Endpoint(performing: "echo") { throw FunctionError(ByteText("\(Broken())"), isFinal: true) },
          service: "test")
      case .answerOfNode:
        fixture.nodes["a@test"]!.register("Test.echo") { _ in .error(FunctionError(ByteText("\(Broken())"))) }
        try fixture.gateway.configs.add(
          FunctionConfig(
            service: "test", requestType: "echo", nodes: .list(["a@test"]),
            function: FunctionReference("Test", "echo")))
      case .middleware:
        try fixture.gateway.register(
          Endpoint("echo") { 1 }.middleware { _, _ in throw Broken() }, service: "test")
      case .ownErrorOfMiddleware:
        try fixture.gateway.register(
          Endpoint("echo") { 1 }.middleware { _, _ in throw FunctionError(ByteText("\(Broken())")) },
          service: "test")
      case .beforeHook:
        functions.registerBeforeHook("Test.hook") { _, _, _ in throw Broken() }
        try fixture.add("echo") { $0.beforeExecute = FunctionReference("Test", "hook") }
      case .afterHook:
        functions.registerAfterHook("Test.hook") { _, _, _, _ in throw Broken() }
        try fixture.add("echo") { $0.afterExecute = FunctionReference("Test", "hook") }
      case .permission:
        functions.registerPermission("Test.may") { _, _ in throw Broken() }
        try fixture.add("echo") { $0.permissionCallback = FunctionReference("Test", "may") }
      }
    }
  }

  @Test("once an error, with its request, on one line and not long", arguments: Thrower.allCases)
  fileprivate func told(_ thrower: Thrower) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try thrower.build(fixture)
    let connection = fixture.connect()
    let (gateway, request) = (fixture.gateway, fixture.request())
    _ = await fixture.advancing { await gateway.execute(request, on: connection) }
    if thrower == .asynchronousFunction { _ = try await connection.next() }
    let errors = lines.entries.filter { $0.level == .error }
    #expect(errors.count == 1, "\(errors.map(\.message))")
    guard let error = errors.first else { return }
    #expect(error.metadata["request_id"] == "r1" && error.metadata["service"] == "test")
    #expect(error.metadata["request_type"] == "echo")
    let text = "\(error.metadata["error"] ?? "")"
    #expect(text.contains("disk \u{241B}[31m is full\u{240A}x"), "\(text)")
    #expect(text.utf8.count < 1_200)
  }

  @Test("a stream that ends with an error which is not for clients says it in the log, once")
  func streamError() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(
      ServiceEndpoints("test") {
        Endpoint(streaming: "fails") { $0.fail("disk is full") }
        Endpoint(streaming: "throws") { _ in throw FunctionError("disk is full") }
        Endpoint(streaming: "says") { $0.fail("sold out", isForClient: true) }
      })
    for type in ["fails", "throws", "says"] as [ByteText] {
      let connection = fixture.connect()
      _ = await fixture.gateway.execute(fixture.request(type), on: connection)
      #expect(try await connection.next().success == false)
    }
    // The line comes after the client's last message.
    try await eventually { lines.entries.count { $0.level == .error } == 2 }
    let told = lines.entries.filter { $0.level == .error }
    #expect(told.map { $0.metadata["error"] } == ["disk is full", "disk is full"])
    #expect(Set(told.map { "\($0.metadata["request_type"]!)" }) == ["fails", "throws"])
  }

  @Test("a function that goes on failing is told once, and with a count when a minute is over")
  func repeated() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    func errors() -> [InMemoryLogHandler.Entry] { lines.entries.filter { $0.level == .error } }
    try fixture.add("echo") { _ in throw Broken() }
    try fixture.add("other") { _ in throw Broken() }
    for _ in 0..<500 { _ = await fixture.gateway.execute(fixture.request()) }
    _ = await fixture.gateway.execute(fixture.request("other"))
    #expect(errors().count == 2, "one line a function")
    fixture.clock.advance(by: .seconds(61))
    _ = await fixture.gateway.execute(fixture.request())
    let told = errors().dropFirst(2)
    #expect(told.map { "\($0.message)" } == ["more of the same was left out here", "a function failed"])
    #expect(told.first?.metadata["count"] == "499" && told.first?.metadata["request_type"] == "echo")
    #expect(told.first?.metadata["what"] == "a function failed")
  }

  @Test("a failure without any words has some in its line")
  func wordless() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(
      Endpoint("echo") { 1 }.after { _, _ in throw FunctionError("", isForClient: true) }, service: "test")
    _ = await fixture.gateway.execute(fixture.request("echo"))
    #expect(lines.entries.filter { $0.level == .error }.map { $0.metadata["error"] } == ["it gave no reason"])
  }

  @Test("errors whose texts all differ are told a few times, and functions without number once together")
  func varied() {
    let lines = InMemoryLogHandler()
    let log = ThrownErrorLog(logger: Logger(label: "test") { _ in lines }, clock: VirtualClock())
    for number in 0..<100 {
      log.tell(.function, "row \(number) is locked", id: "r", service: "s", requestType: "t")
    }
    #expect(lines.entries.count == ThrownErrorLog.mostErrors)
    for number in 0..<1_000 { log.tell(.function, "x", id: "r", service: "s", requestType: "t\(number)") }
    #expect(lines.entries.count == ThrownErrorLog.mostErrors + ThrownErrorLog.mostFunctions - 1)
    log.endWindow()
    #expect(lines.entries.suffix(2).map { "\($0.metadata["count"]!)" } == ["96", "489"])
    log.endWindow()
    #expect(lines.entries.count == ThrownErrorLog.mostErrors + ThrownErrorLog.mostFunctions + 1)
  }

  @Test(
    "an ArgumentError that an endpoint's function throws of its own is a failure: clients read nothing of it")
  func ownArgumentError() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(
      ServiceEndpoints("test") {
        Endpoint("none") { () async throws -> Int in throw ArgumentError("row 7") }
        Endpoint("one", Argument("n", Int.self)) { (_: Int) async throws -> Int in
          throw ArgumentError("row 7")
        }
        Endpoint("later") { () async throws -> Int in throw ArgumentError("row 7") }.asynchronous
        Endpoint(streaming: "parts") { _ in throw ArgumentError("row 7") }
        Endpoint("blocking") { () async throws -> Int in throw ArgumentError("row 7") }.offloaded
      })
    for type in ["none", "one", "later", "parts", "blocking"] as [ByteText] {
      let connection = fixture.connect()
      var answer = await fixture.gateway.execute(
        fixture.request(type, type == "one" ? ["n": 1] : [:]), on: connection)
      if answer?.success == true { answer = try await connection.next() }
      #expect(answer?.error == "Internal Server Error", "\(type)")
    }
    #expect(
      lines.entries.filter { $0.level == .error }.map { "\($0.metadata["error"]!)" }
        == Array(repeating: "it threw an ArgumentError: row 7", count: 5))
    // What cannot be read is the client's mistake still.
    let wrong = await fixture.gateway.execute(fixture.request("one", ["n": 1.5]))
    #expect(wrong?.error?.hasPrefix("Invalid argument: ") == true)
  }

  @Test("what an after hook throws is told, also when it is for clients: no client reads it")
  func afterHookForClients() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(
      Endpoint("f") { 1 }.after { _, _ in throw FunctionError("no stamp", isForClient: true) },
      service: "test")
    #expect(await fixture.gateway.execute(fixture.request("f"))?.result == 1)
    #expect(
      lines.entries.filter { $0.level == .error }.map { "\($0.message): \($0.metadata["error"]!)" } == [
        "an after hook failed: no stamp"
      ])
  }

  @Test("what is worded for the client, and what is no failure of the code's, leaves no line")
  func untold() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.add("echo") { _ in throw FunctionError("sold out", isForClient: true) }
    try fixture.add("wrong") { _ in throw ArgumentError("n must be even") }
    for type in ["echo", "wrong", "nowhere"] as [ByteText] {
      #expect(await fixture.gateway.execute(fixture.request(type))?.success == false)
    }
    #expect(lines.entries.filter { $0.level >= .error }.isEmpty)
  }
}
