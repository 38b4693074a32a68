import ErlangNode
import GenAPIChannels
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Logging
import TestWaiting
import Testing

@testable import GenAPIServer

/// A number of any size in any field, by any door, is refused or does no harm when it is used.
@Suite("Numbers of any size in configurations")
struct ExtremeNumberTests {
  static let numbers: [Int64] = [
    .min, -1, 0, 1, 2, 100, 300_000, 1_000_000_000_000_000, 1 << 62, .max,
  ]
  private static let silent: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }()

  /// Where a function's config has a number, and the function and hook that make it count.
  struct Field: Sendable, CustomTestStringConvertible {
    var name: ByteText
    var function: ByteText
    var hook: ByteText?
    var value: @Sendable (Int64) -> Value

    var testDescription: String { name.string }
  }

  static let fields: [Field] = [
    Field(name: "timeout", function: "hang") { .int($0) },
    Field(name: "hook_timeout", function: "echo", hook: "before_execute") { .int($0) },
    Field(name: "hook_timeout", function: "echo", hook: "after_execute") { .int($0) },
    Field(name: "retry", function: "fail") { .int($0) },
    Field(name: "retry", function: "fail") { ["same_node": .int($0)] },
    Field(name: "retry", function: "hang") { ["all_nodes": .int($0)] },
    Field(name: "arg_types", function: "echo") { ["a": ["string": .int($0)]] },
    Field(name: "arg_types", function: "echo") { ["a": ["type": "string", "max_bytes": .int($0)]] },
    Field(name: "arg_types", function: "echo") {
      ["a": ["type": "list_string", "max_items": .int($0), "max_item_bytes": .int($0)]]
    },
    Field(name: "arg_types", function: "echo") { ["a": ["type": "map", "max_items": .int($0)]] },
    Field(name: "arg_types", function: "echo") { ["a": ["type": "num", "default_value": .int($0)]] },
  ]

  @Test("of a function's config, by every door, called in every response type", arguments: fields)
  func functions(field: Field) async throws {
    let clock = VirtualClock()
    let cluster = InMemoryCluster(clock: clock)
    let nodes = FunctionRegistry()
    cluster.add("a@test", nodes)
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger = Self.silent
    settings.asyncPool.poolThreshold = 1_000_000
    settings.asyncPool.workerThreshold = 1_000_000
    settings.streamPool = settings.asyncPool
    let gateway = try Gateway(configuration: settings, remote: cluster, clock: clock)
    for registry in [gateway.functions, nodes] {
      registry.register("Extremes.echo") { .ok(.array($0.arguments)) }
      registry.register("Extremes.fail") { _ in throw FunctionError("failed") }
      registry.register("Extremes.hang") { _ in
        try await clock.sleep(nanoseconds: .max)
        return .ok(.null)
      }
    }
    gateway.functions.registerBeforeHook("Extremes.hook") { request, config, _ in
      try await clock.sleep(nanoseconds: .max)
      return .proceed(request, config)
    }
    gateway.functions.registerAfterHook("Extremes.hook") { _, _, response, _ in
      try await clock.sleep(nanoseconds: .max)
      return response
    }
    let mover = Task {
      while !Task.isCancelled {
        if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(100_000)) }
        await Task.yield()
      }
    }
    defer { mover.cancel() }
    var accepted = 0
    for door in ConfigDoor.allCases {
      for number in Self.numbers {
        for type in ResponseType.allCases {
          gateway.configs.clear()
          guard try await register(field, number, type, by: door, gateway, nodes) else { continue }
          accepted += 1
          try await call(gateway, field, type)
        }
      }
    }
    #expect(accepted > 0)
    // What no machine can wait for, or count to, is refused.
    if field.name != "arg_types" { #expect(accepted <= ConfigDoor.allCases.count * 4 * 6) }
  }

  private func register(
    _ field: Field, _ number: Int64, _ type: ResponseType, by door: ConfigDoor, _ gateway: Gateway,
    _ nodes: FunctionRegistry
  ) async throws -> Bool {
    var config: ValueObject = [
      "service": .string(ConfigDoor.service), "request_type": "t",
      "mfa": .string("Extremes.\(field.function)"),
      "response_type": .string(ByteText(type.rawValue)),
    ]
    // Services run their functions themselves; hooks are the gateway's.
    if door == .push || door == .pull { config["nodes"] = ["a@test"] }
    config[field.name] = field.value(number)
    if let hook = field.hook { config[hook] = "Extremes.hook" }
    return try await door.register(.object(config), on: gateway, nodes)
  }

  private func call(_ gateway: Gateway, _ field: Field, _ type: ResponseType) async throws {
    for argument in [.string("text"), ["x", "y"], ["k": 1], .int(.max), nil] as [Value?] {
      var args = ValueObject()
      args["a"] = argument
      let response = await gateway.execute(
        Request(service: ConfigDoor.service, requestType: "t", requestID: "1", args: args))
      // A refusal before the function is an answer in every type.
      if type != .none { #expect(response != nil) }
      // The hung ones of the pools are ended by their timeouts.
      try await eventually { gateway.currentState().totals.inFlight == 0 }
      if field.name != "arg_types" { return }
    }
  }

  @Test("of the config that a before hook gives a request")
  func hooks() async throws {
    let clock = VirtualClock()
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger = Self.silent
    let gateway = try Gateway(configuration: settings, clock: clock)
    gateway.functions.register("Extremes.fail") { _ in throw FunctionError("failed") }
    gateway.functions.registerBeforeHook("Extremes.hook") { request, config, _ in
      var config = config
      config.retry = .sameNode(Int(request.args["retry"]?.int ?? 1))
      config.timeout = request.args["timeout"]?.int.map { .milliseconds($0) }
      config.hookTimeout = .milliseconds(request.args["hook"]?.int ?? 1)
      return .proceed(request, config)
    }
    try gateway.configs.add(
      FunctionConfig(
        service: "s", requestType: "t", function: FunctionReference("Extremes", "fail"), responseType: .async,
        beforeExecute: FunctionReference("Extremes", "hook")))
    for name in ["retry", "timeout", "hook"] as [ByteText] {
      for number in [.min, 0, 1 << 62, .max] as [Int64] {
        let response = await gateway.execute(
          Request(service: "s", requestType: "t", requestID: "1", args: [name: .int(number)]))
        #expect(response?.error == "Internal Server Error")
      }
    }
  }

  @Test("of every setting of a server's file")
  func settings() async throws {
    let base = "auth.mode = \"anonymous\"\nwebsocket.listen = \"127.0.0.1:0\"\n"
    let standard = try ServerConfiguration(toml: base, file: "g.toml", environment: [:])
    let keys = standard.settings.filter { Int64($0.value) != nil }.map(\.key)
    #expect(keys.count > 25)
    for key in keys {
      for number in Self.numbers {
        guard
          let read = try? ServerConfiguration(
            toml: base + "\(key) = \(number)\n", file: "g.toml", environment: [:])
        else { continue }
        #expect(number >= 0 && number < 1_000_000_000_000, "\(key) = \(number)")
        try await use(read)
      }
    }
  }

  @Test("of every limit of a server's file")
  func limits() async throws {
    for field in ["max_requests", "window_ms"] {
      for number in Self.numbers {
        let other = field == "window_ms" ? "max_requests" : "window_ms"
        for list in ["global_limits", "api_limits"] {
          let names = list == "api_limits" ? "service = \"s\"\nrequest_type = \"t\"\n" : ""
          let text = """
            auth.mode = "anonymous"
            websocket.listen = "127.0.0.1:0"
            [[functions]]
            service = "s"
            request_type = "t"
            mfa = "Builtin.time"
            [[rate_limiter.\(list)]]
            key = "ip_address"
            \(other) = 100
            \(names)\(field) = \(number)
            """
          if let read = try? ServerConfiguration(toml: text, file: "g.toml", environment: [:]) {
            try await use(read)
          }
        }
      }
    }
  }

  /// Makes a server of a configuration and calls something.
  private func use(_ configuration: ServerConfiguration) async throws {
    let server = try GatewayServer(configuration, log: ServerLog(.critical))
    var request = Request(service: "s", requestType: "t", requestID: "1", userID: "u")
    request.ipAddress = "127.0.0.1"
    for _ in 0..<3 { _ = await server.gateway.execute(request) }
    _ = server.gateway.currentState()
    try server.reload(configuration, over: configuration)
  }

  @Test("of every configuration that code gives a gateway")
  func code() async throws {
    let fields: [WritableKeyPath<GatewayConfiguration, Int> & Sendable] = [
      \.maxPayloadBytes, \.maxFunctions, \.argumentLimits.stringBytes, \.argumentLimits.listItems,
      \.argumentLimits.mapItems, \.asyncPool.workers, \.asyncPool.queueLimit, \.asyncPool.workerThreshold,
      \.asyncPool.poolThreshold, \.relay.groups, \.relay.membersPerGroup, \.relay.groupsPerUser,
      \.relay.connectionsPerMember, \.relay.idBytes, \.relay.messageBytes, \.relay.waitingMessages,
      \.rateLimiter.maxTrackedKeys,
    ]
    let times: [WritableKeyPath<GatewayConfiguration, Duration> & Sendable] = [
      \.pull.firstAfter, \.pull.interval, \.pull.timeout, \.pull.maxBackoff, \.asyncPool.taskTimeout,
      \.asyncPool.cooldown, \.rateLimiter.cleanupInterval,
    ]
    for number in Self.numbers {
      for field in fields {
        try await use(number) { $0[keyPath: field] = Int(number) }
      }
      for field in times {
        try await use(number) { $0[keyPath: field] = .milliseconds(number) }
      }
    }
  }

  private func use(_ number: Int64, _ change: (inout GatewayConfiguration) -> Void) async throws {
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger = Self.silent
    change(&configuration)
    let clock = VirtualClock()
    let gateway: Gateway
    do {
      gateway = try Gateway(configuration: configuration, clock: clock)
    } catch {
      return
    }
    #expect(number >= 0 && number < 1_000_000_000_000_000)
    gateway.functions.register("T.f") { _ in .ok(1) }
    _ = try? gateway.configs.add(
      FunctionConfig(
        service: "s", requestType: "t", function: FunctionReference("T", "f"), responseType: .async))
    _ = await gateway.execute(Request(service: "s", requestType: "t", requestID: "1"))
    _ = gateway.puller.add(
      PullSource(service: "s", nodes: .list(["a@test"]), function: FunctionReference("T", "f")))
    await gateway.puller.pull("s")
    _ = gateway.currentState()
  }

  @Test("of what code gives sockets, the telemetry stream and the node in a cluster")
  func doors() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"))
    for number in [.min, -1, 1_000_000_000_000_000, 1 << 62, .max] as [Int64] {
      let sockets: [(inout PhoenixServerConfiguration) -> Void] = [
        { $0.port = Int(number) }, { $0.maxMessageBytes = Int(number) },
        { $0.idleTimeout = .seconds(number) },
        { $0.maxConnections = Int(number) }, { $0.maxConnectionsPerAddress = Int(number) },
        { $0.messagesPerSecond = Int(number) }, { $0.maxInFlight = Int(number) },
        { $0.outgoingBytes = Int(number) }, { $0.authenticationTimeout = .seconds(number) },
        { $0.handshakeTimeout = .seconds(number) },
        { $0.drainTimeout = .seconds(number) }, { $0.drainDelay = .seconds(number) },
        { $0.drainSpread = .seconds(number) },
      ]
      for change in sockets {
        var configuration = PhoenixServerConfiguration(port: 0)
        configuration.channels.requiresVerifiedUserID = false
        change(&configuration)
        #expect(throws: PhoenixServerError.self) {
          try PhoenixServer(
            gateway: gateway, configuration: configuration, authenticator: AnonymousAuthenticator())
        }
      }
      let streams: [(inout StreamExporterConfiguration) -> Void] = [
        { $0.maximumSubscribers = Int(number) }, { $0.maximumWaiting = Int(number) },
        { $0.maximumWaitingOfAddress = Int(number) }, { $0.wrongTokenDelay = .seconds(number) },
        { $0.subscriberBufferBytes = Int(number) }, { $0.stallTimeout = .seconds(number) },
        { $0.interval = .seconds(number) },
        { $0.drainInterval = .seconds(number) }, { $0.queue = Int(number) },
        { $0.closeTimeout = .seconds(number) },
      ]
      for change in streams {
        var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        change(&configuration)
        let exporter = StreamExporter(
          configuration: configuration, bus: gateway.bus, source: gateway, logger: Self.silent)
        await #expect(throws: StreamExporterError.self) { try await exporter.start() }
      }
      let nodes: [(inout LocalNodeConfiguration) -> Void] = [
        { $0.listenPort = Int(number) }, { $0.tickTime = .seconds(number) },
        { $0.handshakeTimeout = .seconds(number) }, { $0.epmdWait = .seconds(number) },
        { $0.epmd?.timeout = .seconds(number) },
        { $0.maxHandshakes = Int(number) }, { $0.maxHandshakesPerAddress = Int(number) },
        { $0.maxMessageBytes = Int(number) }, { $0.outgoingBytes = Int(number) },
        { $0.maxCalls = Int(number) },
        { $0.maxCallsPerNode = Int(number) }, { $0.maxPeers = Int(number) },
      ]
      for change in nodes {
        var configuration = LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("secret"))
        change(&configuration)
        #expect(throws: LocalNodeError.self) { try LocalNode(configuration) }
      }
    }
  }
}
