import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Differences from PhoenixGenApi: wrong or lost results")
struct ResultTests {
  @Test("streams run on their own pool: when it is full, asynchronous work goes on (W-12, W-56)")
  func pools() async throws {
    let fixture = try GatewayFixture {
      $0.streamPool = WorkerPoolConfiguration(workers: 1, queueLimit: 0)
    }
    try fixture.add("tail") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { call in
      while call.stream?.isOver == false { await Task.yield() }
      return .ok(.null)
    }
    try fixture.add("later") { $0.responseType = .async }
    let connection = fixture.connect()
    var request = fixture.request("tail")
    #expect(await fixture.gateway.execute(request, on: connection)?.result == "init")
    request.requestID = "r2"
    let refused = await fixture.gateway.execute(request, on: connection)
    #expect(refused?.error == "Service temporarily unavailable" && refused?.canRetry == true)
    _ = await fixture.gateway.execute(fixture.request("later"), on: connection)
    #expect(await connection.received(1).first?.success == true)
    fixture.gateway.connectionClosed(connection.connectionID, reason: "test")
  }

  @Test("limits by address trigger (W-14)")
  func address() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "ip_address", maxRequests: 1, window: .seconds(60))]
    }
    try fixture.add()
    func call(_ address: ByteText) async -> ByteText? {
      let connection = fixture.connect(ClientIdentity(ipAddress: address))
      _ = await fixture.gateway.handle(
        ["service": "test", "request_type": "echo", "request_id": "1"],
        from: ClientIdentity(ipAddress: address), on: connection)
      return connection.responses.last?.error
    }
    #expect(await call("10.0.0.1") == nil)
    #expect(await call("10.0.0.1") == "Rate limit exceeded. Please retry after 60 seconds.")
    #expect(await call("10.0.0.2") == nil)
  }

  @Test("node and service names are strings everywhere: config, call, limit, verify (W-20, W-21)")
  func names() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.apiLimits = [
        .api(service: "user_service", requestType: "get", key: "user_id", maxRequests: 1, window: .seconds(1))
      ]
    }
    fixture.nodes["a@test"]?.register("Users.get") { _ in .ok(1) }
    let push = try PushConfig([
      "service": "user_service", "nodes": ["a@test"], "config_version": "1.0.0",
      "fun_configs": [
        [
          "service": "user_service", "request_type": "get", "nodes": ["a@test"], "mfa": "Users.get",
        ]
      ],
    ])
    try fixture.gateway.receiver.push(push)
    #expect(fixture.gateway.receiver.verify(service: "user_service", version: "1.0.0") == .matched)
    let request = Request(service: "user_service", requestType: "get", requestID: "1", userID: "u1")
    #expect(await fixture.gateway.execute(request)?.result == 1)
    #expect(await fixture.gateway.execute(request)?.error?.hasPrefix("Rate limit exceeded") == true)
  }

  @Test(
    "every type can be declared, bounded or not, and converts what fits it (W-22)",
    arguments: ArgumentType.allCases)
  func types(_ type: ArgumentType) async throws {
    let fitting: Value =
      switch type {
      case .string, .any: "x"
      case .num: 1
      case .boolean: true
      case .datetime: "2025-01-15T10:30:00Z"
      case .naiveDatetime: "2025-01-15T10:30:00"
      case .date: "2025-01-15"
      case .uuid: "123e4567-e89b-12d3-a456-426614174000"
      case .map: ["k": 1]
      case .list, .listNum: [1]
      case .listString: ["x"]
      case .listUUID: ["123e4567-e89b-12d3-a456-426614174000"]
      case .listMap: [["k": 1]]
      }
    var declarations: [Value] = [
      .string(ByteText(type.rawValue)), ["type": .string(ByteText(type.rawValue)), "allow_nil": true],
    ]
    if type.isList || type == .map || type == .string { declarations.append([ByteText(type.rawValue): 100]) }
    for declaration in declarations {
      let fixture = try GatewayFixture()
      let config = try FunctionConfig([
        "service": "test", "request_type": "echo", "mfa": "Test.echo", "arg_types": ["a": declaration],
      ])
      fixture.gateway.functions.register("Test.echo") { .ok(.array($0.arguments)) }
      try fixture.gateway.configs.add(config)
      let response = await fixture.gateway.execute(fixture.request("echo", ["a": fitting]))
      #expect(response?.error == nil, "\(declaration.json): \(response?.error ?? "")")
    }
  }

  @Test(
    "a pull whose version function first answers null is pulled; an all-invalid one is tried again (W-33)")
  func versions() async throws {
    let fixture = try GatewayFixture {
      $0.pull.services = [
        PullSource(
          service: "svc", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"),
          versionFunction: FunctionReference("Svc", "version"))
      ]
    }
    let good = FunctionConfig(service: "svc", requestType: "x", function: FunctionReference("Svc", "x")).value
    fixture.nodes["a@test"]?.register("Svc.version") { _ in .ok(.null) }
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([good]) }
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.count == 1)
    fixture.nodes["a@test"]?.register("Svc.version") { _ in .ok("2") }
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([["request_type": "x"]]) }
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.puller.version(of: "svc") == nil)
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([good]) }
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.puller.version(of: "svc") == "2")
  }

  @Test("a pull that hangs ends in an exception, and the next node is asked in time (W-32, W-33)")
  func hanging() async throws {
    let fixture = try GatewayFixture {
      $0.pull.services = [
        PullSource(
          service: "svc", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"))
      ]
    }
    let clock = fixture.clock
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in
      try await clock.sleep(nanoseconds: 3_600_000_000_000)
      return .ok([])
    }
    let gateway = fixture.gateway
    await fixture.advancing(by: 1_000) { await gateway.puller.pull("svc") }
    #expect(fixture.names().suffix(2) == ["config.pull.start", "config.pull.exception"])
    let good = FunctionConfig(service: "svc", requestType: "x", function: FunctionReference("Svc", "x")).value
    fixture.nodes["b@test"]?.register("Svc.configs") { _ in .ok([good]) }
    gateway.puller.add(
      PullSource(
        service: "svc", nodes: .list(["a@test", "b@test"]), function: FunctionReference("Svc", "configs")))
    await fixture.advancing(by: 1_000) { await gateway.puller.pull("svc") }
    #expect(gateway.configs.count == 1)
  }

  @Test(
    "a push may come as a value; what of it was refused is reported; after a restart verify asks for it again (W-38)"
  )
  func push() throws {
    let value: Value = [
      "service": "s", "nodes": ["a@test"], "config_version": "1.0.0", "push_token": "t",
      "module": "My.Supporter", "function": "get_config", "args": [1],
      "fun_configs": [
        ["service": "s", "request_type": "good", "mfa": "S.good", "nodes": ["a@test"]],
        ["service": "s", "request_type": "bad", "mfa": "S.bad", "nodes": ["a@test"], "timeout": 1],
      ],
    ]
    let push = try PushConfig(value)
    #expect(push.pullFunction == FunctionReference("My.Supporter", "get_config", [1]))
    for _ in 0..<2 {
      let gateway = try GatewayFixture { $0.pushToken = "t" }.gateway
      #expect(gateway.receiver.verify(service: "s", version: "1.0.0") == .notFound)
      #expect(
        try gateway.receiver.push(push)
          == .accepted(
            stored: 1,
            faults: ["bad: timeout must be between 100 and 300000 milliseconds, or infinity; it is 1"]))
      #expect(gateway.receiver.verify(service: "s", version: "1.0.0") == .matched)
      #expect(gateway.configs.failedConfigs().map(\.requestType) == ["bad"])
    }
    #expect(throws: ConfigFaults(faults: ["module and function need each other"])) {
      try PushConfig(["service": "s", "module": "M", "nodes": [], "fun_configs": []])
    }
  }

  @Test("limits changed under load are the old list or the new one, never a mixture (W-51)")
  func limits() async throws {
    let fixture = try GatewayFixture()
    let limiter = fixture.gateway.rateLimiter
    func list(_ window: Int64) -> [RateLimit] {
      ["a", "b", "c"].map { .global(key: $0, maxRequests: 1_000_000, window: .milliseconds(window)) }
    }
    try limiter.setGlobalLimits(list(1))
    let writer = Task {
      for round in 1...200 { try limiter.setGlobalLimits(list(Int64(round))) }
    }
    for _ in 0..<2_000 {
      let windows = Set(limiter.rules.all.map(\.limit.window))
      #expect(windows.count == 1)
    }
    try await writer.value
    #expect(throws: RateLimitError.self) {
      try limiter.setGlobalLimits(list(7) + [.global(key: "d", maxRequests: 0, window: .milliseconds(1))])
    }
    #expect(Set(limiter.rules.all.map(\.limit.window)) == [.milliseconds(200)])
  }
}
