import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

/// The samples of the user's document, in Swift, one test an item. `docs/document.md` lists every item.
@Suite("The document: configs, calls and versions")
struct DocumentConfigTests {
  /// The Quick Start's definition, which names no `arg_orders`.
  private static func quickStart(nodes: NodeSource = .list(["app@host"]), version: ByteText? = "1.0.0")
    -> FunctionConfig
  {
    FunctionConfig(
      service: "user_service", requestType: "get_user", nodes: nodes, chooseNode: .random,
      timeout: .seconds(5),
      function: FunctionReference("MyApp.Api", "get_user"), arguments: ["user_id": ArgumentSpec(.string)],
      responseType: .sync, version: version)
  }

  private static func cluster(_ names: [ByteText] = ["app@host"]) throws -> (
    Gateway, InMemoryCluster, FunctionRegistry
  ) {
    let clock = VirtualClock()
    let cluster = InMemoryCluster(clock: clock)
    let app = FunctionRegistry()
    app.register("MyApp.Api.get_user") { call in .ok(["id": call.arguments[0], "name": "Alice"]) }
    for name in names { cluster.add(name, app) }
    var configuration = GatewayConfiguration(node: "gateway@host")
    configuration.logger.logLevel = .critical
    return (try Gateway(configuration: configuration, remote: cluster, clock: clock), cluster, app)
  }

  private static let request = Request(
    service: "user_service", requestType: "get_user", requestID: "req_1", args: ["user_id": "123"])

  @Test("Quick Start: define, create a FunConfig, add it on the gateway, call it")
  func quickStart() async throws {
    let (gateway, _, _) = try Self.cluster()
    try gateway.configs.add(Self.quickStart())
    let response = await gateway.execute(Self.request)
    #expect(
      response?.value == [
        "request_id": "req_1", "result": ["id": "123", "name": "Alice"], "success": true, "error": nil,
        "async": false, "has_more": false, "can_retry": false,
      ])
  }

  @Test("Quick Start: the client's JSON, as it is printed")
  func clientJSON() async throws {
    let (gateway, _, _) = try Self.cluster()
    try gateway.configs.add(Self.quickStart())
    let connection = TestConnection(gateway.newConnectionID())
    let payload = """
      {
        "service": "user_service",
        "request_type": "get_user",
        "request_id": "req_1",
        "args": { "user_id": "123" }
      }
      """
    _ = await gateway.handle(Array(payload.utf8), from: ClientIdentity(), on: connection)
    #expect(connection.responses == [.sync("req_1", ["id": "123", "name": "Alice"])])
  }

  @Test("Quick Start, option A: the gateway pulls from a supporter that answers a list (W-58)")
  func pull() async throws {
    let (gateway, _, app) = try Self.cluster()
    app.register("MyApp.GenApi.Supporter.get_config") { _ in .ok([Self.quickStart().value]) }
    gateway.puller.add(
      PullSource(
        service: "user_service", nodes: .list(["app@host"]),
        function: FunctionReference("MyApp.GenApi.Supporter", "get_config")))
    await gateway.puller.pull("user_service")
    #expect(await gateway.execute(Self.request)?.success == true)
  }

  @Test("Quick Start, option B: the service pushes on startup (W-58)")
  func push() async throws {
    let (gateway, _, _) = try Self.cluster()
    let push = PushConfig(
      service: "user_service", nodes: ["app@host"], configVersion: "1.0.0", functions: [Self.quickStart()])
    #expect(try gateway.receiver.push(push) == .accepted(stored: 1, faults: []))
    #expect(await gateway.execute(Self.request)?.success == true)
  }

  @Test("Active push: idempotent, forced, verified")
  func activePush() throws {
    let (gateway, _, _) = try Self.cluster()
    var push = PushConfig(
      service: "user_service", nodes: ["app@host"], configVersion: "1.0.0", functions: [Self.quickStart()],
      pullFunction: FunctionReference("MyApp.GenApi.Supporter", "get_config"))
    #expect(try gateway.receiver.push(push) == .accepted(stored: 1, faults: []))
    #expect(try gateway.receiver.push(push) == .skipped)
    #expect(try gateway.receiver.push(push, force: true) == .accepted(stored: 1, faults: []))
    #expect(gateway.receiver.verify(service: "user_service", version: "1.0.0") == .matched)
    push.configVersion = "0.9.0"
    try gateway.receiver.push(push)
    #expect(gateway.receiver.verify(service: "user_service", version: "1.0.0") == .mismatch(stored: "0.9.0"))
    #expect(gateway.receiver.verify(service: "unknown", version: "1.0.0") == .notFound)
    // A push that names a function is pulled from then on.
    #expect(gateway.reports.pushedServices().contains("user_service  0.9.0    yes"))
  }

  @Test("functions can be registered, changed and withdrawn while requests run, without a restart")
  func runTime() async throws {
    let (gateway, _, _) = try Self.cluster()
    #expect(
      await gateway.execute(Self.request)?.error
        == "unsupported function: get_user version latest of service user_service")
    try gateway.configs.add(Self.quickStart())
    #expect(await gateway.execute(Self.request)?.success == true)
    try gateway.configs.delete("user_service", "get_user", version: "1.0.0")
    #expect(await gateway.execute(Self.request)?.success == false)
  }

  @Test("every field of the FunConfig table has the default it documents")
  func defaults() throws {
    let config = try FunctionConfig([
      "request_type": "t", "service": "s", "mfa": "M.f", "response_type": "sync",
    ])
    #expect(
      config.version == nil && !config.disabled && config.retry == nil && config.hookTimeout == .seconds(5))
    #expect(config.permission == .unstated && config.permissionCallback == nil && !config.passesRequestInfo)
    #expect(config.beforeExecute == nil && config.afterExecute == nil && config.arguments.isEmpty)
    for (milliseconds, isValid) in [(99, false), (100, true), (300_000, true), (300_001, false)] {
      var changed = config
      changed.timeout = .milliseconds(milliseconds)
      #expect(changed.validate().isEmpty == isValid)
    }
    var forever = config
    forever.timeout = nil
    #expect(forever.validate().isEmpty)
  }

  @Test("versions live side by side, and the client selects")
  func versions() async throws {
    let (gateway, _, app) = try Self.cluster()
    app.register("MyApp.Users.get_user_v1") { .ok(["v1", .array($0.arguments)]) }
    app.register("MyApp.Users.get_user_v2") { .ok(["v2", .array($0.arguments)]) }
    for (version, types) in [
      ("1.0.0", ["id" as ByteText: ArgumentSpec(.string)]),
      ("2.0.0", ["id": ArgumentSpec(.string), "fields": ArgumentSpec(.listString)]),
    ] {
      try gateway.configs.add(
        FunctionConfig(
          service: "user_service", requestType: "get_user", nodes: .list(["app@host"]),
          function: FunctionReference("MyApp.Users", "get_user_v\(version.prefix(1))"), arguments: types,
          version: ByteText(version)))
    }
    func call(_ version: ByteText?, _ args: ValueObject) async -> Response? {
      await gateway.execute(
        Request(
          service: "user_service", requestType: "get_user", requestID: "req_1", args: args, version: version))
    }
    let fields: ValueObject = ["id": "123", "fields": ["name", "email"]]
    #expect(await call("1.0.0", ["id": "123"])?.result == ["v1", ["123"]])
    // Without an order arguments go by name: fields, then id.
    #expect(await call("2.0.0", fields)?.result == ["v2", [["name", "email"], "123"]])
    #expect(await call(nil, fields)?.result == ["v2", [["name", "email"], "123"]])
    #expect(await call("0.0.0", fields)?.success == true)
    #expect(
      await call("3.0.0", fields)?.error
        == "unsupported function: get_user version 3.0.0 of service user_service")
  }

  @Test("ConfigDb: get, get_latest, disable, enable, delete, list; a disabled version says so, others answer")
  func store() async throws {
    let (gateway, _, _) = try Self.cluster()
    let store = gateway.configs
    for version in ["1.0.0", "2.0.0"] { try store.add(Self.quickStart(version: ByteText(version))) }
    #expect(try store.get("user_service", "get_user", version: "1.0.0").version == "1.0.0")
    #expect(try store.getLatest("user_service", "get_user").version == "2.0.0")
    try store.disable("user_service", "get_user", version: "1.0.0")
    #expect(throws: ConfigStoreError.disabled) {
      try store.get("user_service", "get_user", version: "1.0.0")
    }
    var request = Self.request
    request.version = "1.0.0"
    #expect(
      await gateway.execute(request)?.error
        == "disabled function: get_user version 1.0.0 of service user_service")
    request.version = "2.0.0"
    #expect(await gateway.execute(request)?.success == true)
    try store.enable("user_service", "get_user", version: "1.0.0")
    #expect(try store.delete("user_service", "get_user", version: "1.0.0"))
    #expect(store.allFunctions == ["user_service": ["get_user": ["2.0.0"]]])
    #expect(throws: ConfigStoreError.self) { try store.add(Self.quickStart(version: "0.0.0")) }
  }

  @Test(
    "pull settings: first after 1 s, every 30 s, 5 s a call, back-off to 300 s; the gateway starts anyway")
  func pullSettings() {
    let pull = PullConfiguration()
    #expect(pull.firstAfter == .seconds(1) && pull.interval == .seconds(30))
    #expect(pull.timeout == .seconds(5) && pull.maxBackoff == .seconds(300) && pull.services.isEmpty)
  }

  @Test(
    "retry: nil, a number, same_node and all_nodes",
    arguments: [
      (Value.null, nil), (3, RetryPolicy.allNodes(3)), (["same_node": 2], .sameNode(2)),
      (["all_nodes": 3], .allNodes(3)),
    ] as [(Value, RetryPolicy?)])
  func retry(_ form: Value, _ policy: RetryPolicy?) async throws {
    var object = Self.quickStart(nodes: .list(["n1@test", "n2@test", "n3@test"])).value.object ?? [:]
    object["retry"] = form
    let config = try FunctionConfig(.object(object))
    #expect(config.retry == policy)
    let (gateway, _, app) = try Self.cluster(["n1@test", "n2@test", "n3@test"])
    app.register("MyApp.Api.get_user") { _ in .error(FunctionError("no")) }
    let subscription = try gateway.bus.subscribe("test", to: .all)
    try gateway.configs.add(config)
    let clock = try #require(gateway.clock as? VirtualClock)
    let mover = Task {
      while !Task.isCancelled {
        if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(1_000)) }
        await Task.yield()
      }
    }
    let response = await gateway.execute(Self.request)
    mover.cancel()
    #expect(response?.error == (policy == nil ? "Internal Server Error" : "all retry attempts exhausted"))
    let names = subscription.drain().events.map(\.event.name.shortName)
    #expect(names.filter { $0 == "executor.retry" }.count == policy?.attempts ?? 0)
    #expect(names.contains("executor.retry.exhausted") == (policy != nil))
  }

  @Test("breaker settings: 10 over a pool, 5 of a worker, 60 s, as documented, and they count (W-25, W-56)")
  func breakers() {
    let pool = WorkerPoolConfiguration()
    #expect(pool.poolThreshold == 10 && pool.workerThreshold == 5 && pool.cooldown == .seconds(60))
    #expect(pool.queueLimit == 10_000)
    let gateway = GatewayConfiguration(node: "gw")
    #expect(gateway.asyncPool.workers == 1_000 && gateway.streamPool.workers == 500)
    #expect(!gateway.showsErrorDetail)
  }
}
