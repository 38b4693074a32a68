import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("Hooks of functions on other nodes")
struct RemoteHookTests {
  private func fixture() throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    try fixture.push("echo") {
      $0.arguments = ["x": ArgumentSpec(.any)]
      $0.beforeExecute = FunctionReference("Svc", "before", ["extra"])
      $0.afterExecute = FunctionReference("Svc", "after")
    }
    fixture.nodes["a@test"]?.register("Svc.echo") { .ok(.array($0.arguments)) }
    return fixture
  }

  @Test("they run there: the request, its config and the response are changed, and events tell of both")
  func run() async throws {
    let fixture = try fixture()
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { request, config, extra in
      var request = request
      request.args["x"] = .array([request.args["x"] ?? .null] + extra)
      return .proceed(request, config)
    }
    fixture.nodes["a@test"]?.registerAfterHook("Svc.after") { request, _, response, _ in
      var response = response
      response.result = ["seen": response.result]
      return response
    }
    _ = fixture.events()
    let response = await fixture.ask("echo", ["x": 1])
    #expect(response?.result == ["seen": [[1, "extra"]]], "\(response as Any)")
    let names = fixture.names().filter { $0.hasPrefix("hook") }
    #expect(
      names == ["hook.before.start", "hook.before.stop", "hook.after.start", "hook.after.stop"], "\(names)")
  }

  @Test(
    "one that refuses, is not there or names what is denied ends the request; an after hook that fails changes nothing"
  )
  func refuse() async throws {
    let fixture = try fixture()
    func call() async -> Response? { await fixture.ask("echo", ["x": 1]) }
    #expect(await call()?.error == "Internal Server Error")
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { _, _, _ in .abort("no quota") }
    #expect(await call()?.error == "hook rejected: no quota")
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { request, config, _ in
      var config = config
      config.function = FunctionReference("os", "cmd")
      return .proceed(request, config)
    }
    #expect(await call()?.error == "Internal Server Error")
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { request, config, _ in
      .proceed(request, config)
    }
    #expect(await call()?.result == [1])
  }

  @Test("a reason that names the node already is told without its name behind it")
  func nameOnce() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.push("echo") { $0.beforeExecute = FunctionReference("Svc", "before") }
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { _, _, _ in
      throw FunctionError("the connection to a@test was lost")
    }
    _ = await fixture.ask("echo")
    let texts = lines.entries.compactMap { $0.metadata["error"].map { "\($0)" } }
    #expect(texts == ["the connection to a@test was lost"], "\(texts)")
  }

  @Test(
    "one that takes too long or fails says to operators on which node, in one wording; clients learn no node")
  func node() async throws {
    let fixture = try fixture()
    fixture.nodes["a@test"]?.registerBeforeHook("Svc.before") { [clock = fixture.clock] request, config, _ in
      try await clock.sleep(milliseconds: 60_000)
      return .proceed(request, config)
    }
    _ = fixture.events()
    let response = await fixture.advancing { await fixture.ask("echo", ["x": 1]) }
    #expect(response?.error?.hasPrefix("hook rejected: hook timed out after ") == true, "\(response as Any)")
    #expect(response?.error?.string.contains("a@test") == false)
    let failures = fixture.events().compactMap { event -> Failure? in
      if case .hookException(_, _, let failure) = event { failure } else { nil }
    }
    #expect(failures.first?.node == "a@test" && failures.first?.kind == "timeout", "\(failures)")
    let refusal = fixture.gateway.currentState().series.first { $0.requestType == "echo" }?.lastRefusal
    #expect(refusal?.hasSuffix(" on a@test") == true, "\(refusal as Any)")
  }

  @Test(
    "a call runs on the node of its before hook, and so does its after hook: one choice a request, by turn and by chance",
    arguments: [NodeChoice.roundRobin, .random], [false, true])
  func oneChoice(_ choice: NodeChoice, _ isAsync: Bool) async throws {
    let fixture = try GatewayFixture()
    try fixture.push("where") {
      $0.nodes = .list(["a@test", "b@test"])
      $0.chooseNode = choice
      $0.arguments = ["hook": ArgumentSpec(.any)]
      $0.beforeExecute = FunctionReference("Svc", "before")
      $0.afterExecute = FunctionReference("Svc", "after")
      if isAsync { $0.responseType = .async }
    }
    for (name, registry) in fixture.nodes {
      let node = Value.string(ByteText(name))
      registry.register("Svc.where") { .ok([$0.arguments.first ?? .null, node]) }
      registry.registerBeforeHook("Svc.before") { request, config, _ in
        var request = request
        request.args["hook"] = node
        return .proceed(request, config)
      }
      registry.registerAfterHook("Svc.after") { _, _, response, _ in
        var response = response
        if response.result != .string("init") { response.result = ["seen": response.result, "after": node] }
        return response
      }
    }
    var nodes: [Value] = []
    for _ in 0..<12 {
      let connection = fixture.connect()
      var response = await fixture.gateway.execute(
        Request(service: "svc", requestType: "where", requestID: "1", args: ["hook": 0]), on: connection)
      if isAsync { response = try await connection.next() }
      let seen = try #require(response?.result["seen"]?.array, "\(response as Any)")
      #expect(seen.count == 2 && seen[0] == seen[1] && seen[1] == response?.result["after"], "\(seen)")
      nodes.append(seen[1])
    }
    #expect(Set(nodes).count == 2)
    if choice == .roundRobin { #expect(nodes.filter { $0 == nodes[0] }.count == 6) }
  }
}
