import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

/// What no client may read.
private struct DatabaseError: Error, CustomStringConvertible {
  var description: String { #"DatabaseError(dsn: "postgres://user:pw@db")"# }
}

/// Everywhere that an error of somebody else's code can become what a client reads.
private enum Door: String, CaseIterable, Sendable {
  case plainFunction, suspendingFunction, blockingFunction, answeredError, retriedFunction
  case asynchronousFunction, streamingFunction, failedStream, streamBeforeItsEnd
  case endpoint, endpointWithRequest, codableEndpoint, streamEndpoint
  case nodeFunction, answeredErrorOfNode, streamOfNode
  case beforeHook, afterHook, permission, permissionOfNode, nodeList
  case middleware, middlewareOfService, middlewareBehindCall

  /// Whether an error that is for clients is told to them; others decide yes or no only, or have no answer of their own.
  var tellsClients: Bool {
    switch self {
    case .afterHook, .permission, .permissionOfNode, .nodeList, .codableEndpoint: false
    default: true
    }
  }

  /// What stands before the reason.
  var prefix: ByteText { self == .beforeHook ? "hook rejected: " : "" }

  private struct Input: Codable, Sendable {
    var id: ByteText

    init(from decoder: any Decoder) throws {
      id = try decoder.singleValueContainer().decode([ByteText: ByteText].self)["id"] ?? ""
      if id == "refuse" { throw DatabaseError() }
    }
  }

  /// Makes a function `echo` that throws at this door.
  func build(_ fixture: GatewayFixture, _ error: any Error & Sendable) throws {
    let functions = fixture.gateway.functions
    let node = fixture.nodes["a@test"]!
    let answered = (error as? FunctionError) ?? FunctionError("\(error)")
    func on(_ nodes: NodeSource, _ change: (inout FunctionConfig) -> Void = { _ in }) throws {
      var config = FunctionConfig(
        service: "test", requestType: "echo", nodes: nodes, function: FunctionReference("Test", "echo"))
      change(&config)
      try fixture.gateway.configs.add(config)
    }
    switch self {
    case .plainFunction:
      functions.register("Test.echo") { (_: FunctionCall) throws -> FunctionResult in throw error }
      try on(.local)
    case .suspendingFunction: try fixture.add("echo") { _ in throw error }
    case .blockingFunction:
      functions.registerBlocking("Test.echo") { _ in throw error }
      try on(.local)
    case .answeredError: try fixture.add("echo") { _ in .error(answered) }
    case .retriedFunction: try fixture.add("echo", { $0.retry = .sameNode(1) }) { _ in throw error }
    case .asynchronousFunction:
      try fixture.add("echo", { $0.responseType = .async }) { _ in throw error }
    case .streamingFunction: try fixture.add("echo", { $0.responseType = .stream }) { _ in throw error }
    case .failedStream:
      try fixture.add("echo", { $0.responseType = .stream }) { call in
        call.stream?.fail(answered)
        return .ok(.null)
      }
    case .streamBeforeItsEnd:
      try fixture.add("echo", { $0.responseType = .stream }) { call in
        await call.stream?.send(1)
        return .error(answered)
      }
    case .endpoint:
      try fixture.gateway.register(
        Endpoint("echo", answer: { () async throws -> Int in throw error }), service: "test")
    case .endpointWithRequest:
      try fixture.gateway.register(
        Endpoint(withRequest: "echo", answer: { (_: Request) async throws -> Int in throw error }),
        service: "test")
    case .codableEndpoint:
      try fixture.add("echo") { call in
        _ = try ValueDecoder().decode(Input.self, from: ["id": "refuse"])
        return .ok(.null)
      }
    case .streamEndpoint:
      try fixture.gateway.register(
        Endpoint(streaming: "echo", stream: { (_: StreamHandle) async throws in throw error }),
        service: "test")
    case .nodeFunction:
      node.register("Test.echo") { _ in throw error }
      try on(.list(["a@test"]))
    case .answeredErrorOfNode:
      node.register("Test.echo") { _ in .error(answered) }
      try on(.list(["a@test"]))
    case .streamOfNode:
      node.register("Test.echo") { _ in throw error }
      try on(.list(["a@test"])) { $0.responseType = .stream }
    case .beforeHook:
      functions.registerBeforeHook("Test.hook") { _, _, _ in throw error }
      try fixture.add("echo") { $0.beforeExecute = FunctionReference("Test", "hook") }
    case .afterHook:
      functions.registerAfterHook("Test.hook") { _, _, _, _ in throw error }
      try fixture.add("echo") { $0.afterExecute = FunctionReference("Test", "hook") }
    case .permission:
      functions.registerPermission("Test.may") { _, _ in throw error }
      try fixture.add("echo") { $0.permissionCallback = FunctionReference("Test", "may") }
    case .permissionOfNode:
      node.registerPermission("Test.may") { _, _ in throw error }
      node.register("Test.echo") { _ in .ok(1) }
      try on(.list(["a@test"])) { $0.permissionCallback = FunctionReference("Test", "may") }
    case .middleware:
      try fixture.gateway.register(
        Endpoint("echo") { 1 }.middleware { _, _ in throw error }, service: "test")
    case .middlewareOfService:
      try fixture.gateway.register(
        ServiceEndpoints("test") {
          Endpoint("echo") { 1 }
        }.middleware { _, _ in throw error })
    case .middlewareBehindCall:
      try fixture.gateway.register(
        Endpoint("echo") { 1 }.middleware { call, next in
          _ = try await next(call)
          throw error
        }, service: "test")
    case .nodeList:
      functions.registerNodeList("Test.nodes") { _ in throw error }
      try on(.function(FunctionReference("Test", "nodes")))
    }
  }
}

@Suite("What goes wrong inside is the operator's")
struct ErrorLeakTests {
  /// Everything that a client reads of a call at this door.
  private func texts(
    _ door: Door, _ error: any Error & Sendable, detail: Bool
  ) async throws -> (texts: [ByteText], events: [TelemetryEvent]) {
    let fixture = try GatewayFixture { $0.showsErrorDetail = detail }
    try door.build(fixture, error)
    let connection = fixture.connect()
    let gateway = fixture.gateway
    let request = fixture.request()
    let first = await fixture.advancing { await gateway.execute(request, on: connection) }
    var events: [TelemetryEvent] = []
    try await eventually {
      events += fixture.events()
      let isOver = events.contains { $0.name == .executorRequestStop || $0.name == .executorRequestException }
      return isOver && (first?.isAsync != true || connection.responses.contains { !$0.hasMore })
    }
    let responses = (first.map { [$0] } ?? []) + connection.responses
    return (responses.map { ByteText($0.value.json) }, events)
  }

  @Test("what any code throws or answers reaches no client while details are off", arguments: Door.allCases)
  fileprivate func hidden(_ door: Door) async throws {
    for error in [DatabaseError(), FunctionError("postgres://user:pw@db")] as [any Error & Sendable] {
      let (texts, events) = try await texts(door, error, detail: false)
      #expect(!texts.isEmpty)
      for text in texts { #expect(!text.string.contains("pw@db"), "\(door.rawValue): \(text)") }
      let stop = events.lazy.compactMap(\.stop).first
      if let told = stop?.error, door != .permission, door != .permissionOfNode, door != .afterHook {
        #expect(told.string.contains("pw@db"), "the operator reads it: \(told)")
      }
    }
  }

  @Test("what is worded for clients reaches them", arguments: Door.allCases.filter(\.tellsClients))
  fileprivate func told(_ door: Door) async throws {
    let (texts, _) = try await texts(
      door, FunctionError("sold out", isFinal: true, isForClient: true), detail: false)
    let wanted = Value.string(door.prefix + "sold out").json
    #expect(texts.contains { $0.string.contains("\"error\":\(wanted)") }, "\(door.rawValue): \(texts)")
  }

  @Test("names that nobody registered are the operator's, too")
  func names() async throws {
    let hidden = FunctionReference("Inner.Module", "secret_name")
    let changes: [@Sendable (inout FunctionConfig) -> Void] = [
      { $0.beforeExecute = hidden }, { $0.afterExecute = hidden }, { $0.permissionCallback = hidden },
      { $0.nodes = .function(hidden) }, { $0.function = hidden },
      {
        $0.function = hidden
        $0.nodes = .list(["a@test"])
      },
      {
        $0.permissionCallback = hidden
        $0.nodes = .list(["a@test"])
      },
    ]
    for change in changes {
      let fixture = try GatewayFixture()
      try fixture.add("echo", change)
      let response = await fixture.gateway.execute(fixture.request())
      #expect(response?.value.json.contains("secret_name") == false, "\(String(describing: response))")
    }
  }

  @Test("a before hook that is not there, or gives a wrong config, is told to the operator")
  func cause() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("echo") { $0.beforeExecute = FunctionReference("Hooks", "nowhere") }
    #expect(await fixture.gateway.execute(fixture.request())?.error == "Internal Server Error")
    #expect(fixture.events().compactMap { $0.failure }.first?.reason.string.contains("Hooks.nowhere") == true)
    fixture.gateway.functions.registerBeforeHook("Hooks.nowhere") { request, config, _ in
      var config = config
      config.hookTimeout = .milliseconds(-1)
      return .proceed(request, config)
    }
    #expect(await fixture.gateway.execute(fixture.request())?.error == "Internal Server Error")
    #expect(fixture.events().compactMap { $0.failure }.first?.reason.string.contains("hook_timeout") == true)
  }
}

extension TelemetryEvent {
  fileprivate var failure: Failure? {
    if case .requestException(let exception) = self { exception.failure } else { nil }
  }
}
