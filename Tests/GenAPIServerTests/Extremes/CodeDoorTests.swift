import ErlangNode
import GenAPIChannels
import GenAPICluster
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPITokens
import GenAPIValue
import Logging
import NetworkAddress
import Testing

@testable import GenAPIServer

/// What the configuration's file refuses, code cannot pass either.
@Suite("The doors of code check what the file's do")
struct CodeDoorTests {
  /// A setting as the file has it, and the same by code.
  struct Setting: Sendable, CustomTestStringConvertible {
    var toml: String
    var byCode: @Sendable () async throws -> Void

    var testDescription: String { toml }

    init(_ toml: String, _ byCode: @escaping @Sendable () async throws -> Void) {
      self.toml = toml
      self.byCode = byCode
    }
  }

  private static func gateway(
    _ toml: String, _ change: @escaping @Sendable (inout GatewayConfiguration) -> Void
  ) -> Setting {
    Setting(toml) {
      var configuration = GatewayConfiguration(node: "gw@test")
      change(&configuration)
      _ = try Gateway(configuration: configuration)
    }
  }

  private static func sockets(
    _ toml: String, _ change: @escaping @Sendable (inout PhoenixServerConfiguration) -> Void
  ) -> Setting {
    Setting(toml) {
      var configuration = PhoenixServerConfiguration(port: 0)
      configuration.channels.requiresVerifiedUserID = false
      change(&configuration)
      _ = try PhoenixServer(
        gateway: Gateway(configuration: GatewayConfiguration(node: "gw@test")), configuration: configuration,
        authenticator: AnonymousAuthenticator())
    }
  }

  private static func stream(
    _ toml: String, _ change: @escaping @Sendable (inout StreamExporterConfiguration) -> Void
  ) -> Setting {
    Setting(toml) {
      let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"))
      var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
      change(&configuration)
      let exporter = StreamExporter(configuration: configuration, bus: gateway.bus, source: gateway)
      try await exporter.start()
      await exporter.stop(reason: "test")
    }
  }

  private static func authenticator(
    _ toml: String, _ make: @escaping @Sendable () throws -> any Authenticator
  )
    -> Setting
  {
    Setting(toml) {
      let authenticator = try make()
      _ = try PhoenixServer(
        gateway: Gateway(configuration: GatewayConfiguration(node: "gw@test")),
        configuration: PhoenixServerConfiguration(port: 0), authenticator: authenticator)
    }
  }

  private static func node(
    _ toml: String, cookie: String = "secret",
    _ change: @escaping @Sendable (inout LocalNodeConfiguration) -> Void = { _ in }
  ) -> Setting {
    Setting("cluster.name = \"a@127.0.0.1\"\n" + toml) {
      var configuration = LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie(cookie))
      change(&configuration)
      _ = try LocalNode(configuration)
    }
  }

  private static let good: ByteText = "a secret of more than sixteen"

  static let settings: [Setting] = [
    gateway("gateway.max_payload_bytes = 1023") { $0.maxPayloadBytes = 1_023 },
    gateway("gateway.max_functions = 0") { $0.maxFunctions = 0 },
    gateway("gateway.push_token = \"\"") { $0.pushToken = "" },
    gateway("argument_handler.string_max_bytes = 0") { $0.argumentLimits.stringBytes = 0 },
    gateway("argument_handler.list_max_items = 10000001") { $0.argumentLimits.listItems = 10_000_001 },
    gateway("argument_handler.map_max_items = 10000001") { $0.argumentLimits.mapItems = 10_000_001 },
    gateway("worker_pool.async_pool_size = 0") { $0.asyncPool.workers = 0 },
    gateway("worker_pool.max_queue_size = 1000001") { $0.asyncPool.queueLimit = 1_000_001 },
    gateway("worker_pool.client_share_percent = 101") { $0.streamPool.clientSharePercent = 101 },
    gateway("relay.max_groups = 0") { $0.relay.groups = 0 },
    gateway("relay.max_message_bytes = 0") { $0.relay.messageBytes = 0 },
    gateway("pull.interval_ms = 99") { $0.pull.interval = .milliseconds(99) },
    gateway("pull.timeout_ms = 600001") { $0.pull.timeout = .milliseconds(600_001) },
    gateway("rate_limiter.cleanup_interval_ms = 86400001") {
      $0.rateLimiter.cleanupInterval = .milliseconds(86_400_001)
    },
    gateway("rate_limiter.max_tracked_keys = 0") { $0.rateLimiter.maxTrackedKeys = 0 },
    gateway("rate_limiter.instance_count = 1025") { $0.rateLimiter.instanceCount = 1_025 },
    sockets("websocket.path = \"socket\"") { $0.path = "socket" },
    sockets("websocket.toon_path = \"/socket/websocket\"") { $0.toonPath = "/socket/websocket" },
    sockets("websocket.event = \"\"") { $0.channels.event = "" },
    sockets("websocket.max_channels = 0") { $0.channels.maxChannels = 0 },
    sockets("websocket.max_channels = 10001") { $0.channels.maxChannels = 10_001 },
    sockets("websocket.origins = [\"example.org\"]") { $0.origins = .list(["example.org"]) },
    sockets("websocket.hosts = [\"https://api.example.org\"]") {
      $0.hostNames = ["https://api.example.org"]
    },
    sockets("websocket.proxy_protocol = true") { $0.proxies.usesProxyProtocol = true },
    sockets("websocket.max_message_bytes = 127") { $0.maxMessageBytes = 127 },
    sockets("websocket.idle_timeout_ms = 99") { $0.idleTimeout = .milliseconds(99) },
    sockets("websocket.max_connections = 0") { $0.maxConnections = 0 },
    sockets("websocket.max_connections_per_address = 0") { $0.maxConnectionsPerAddress = 0 },
    sockets("websocket.messages_per_second = 0") { $0.messagesPerSecond = 0 },
    sockets("websocket.max_in_flight = 0") { $0.maxInFlight = 0 },
    sockets("websocket.outgoing_bytes = 1023") { $0.outgoingBytes = 1_023 },
    sockets("websocket.drain_delay_ms = 600001") { $0.drainDelay = .milliseconds(600_001) },
    sockets("websocket.drain_spread_ms = 600001") { $0.drainSpread = .milliseconds(600_001) },
    sockets("websocket.drain_timeout_ms = 600001") { $0.drainTimeout = .milliseconds(600_001) },
    sockets("auth.require_verified_user_id = true") { $0.channels.requiresVerifiedUserID = true },
    stream("telemetry.listen = []") { $0.addresses = [] },
    stream("telemetry.listen = [\"0.0.0.0:4710\"]") { $0.addresses = [.tcp(host: "0.0.0.0", port: 4_710)] },
    stream("telemetry.token = \"\"") { $0.token = "" },
    stream("telemetry.token = \"too short\"") { $0.token = "too short" },
    stream("telemetry.max_subscribers = 0") { $0.maximumSubscribers = 0 },
    stream("telemetry.interval_ms = 99") { $0.interval = .milliseconds(99) },
    authenticator("auth.mode = \"jwt\"\nauth.secret = \"\"") { try JWTAuthenticator(secret: "") },
    authenticator("auth.mode = \"jwt\"\nauth.secret = \"fifteen bytes..\"") {
      try JWTAuthenticator(secret: "fifteen bytes..")
    },
    authenticator("auth.mode = \"jwt\"") { try JWTAuthenticator(secrets: []) },
    authenticator("auth.mode = \"jwt\" # without keys") { try JWTAuthenticator(keys: []) },
    authenticator("auth.mode = \"jwt\"\nauth.secret = \"short\" # as keys") {
      try JWTAuthenticator(keys: [JWTAuthenticator.secrets([good, "short"])])
    },
    authenticator("auth.mode = \"phoenix_token\"\nauth.secret = \"\"") {
      try PhoenixTokenAuthenticator(secret: "", salt: "user socket")
    },
    authenticator("auth.mode = \"phoenix_token\"") {
      try PhoenixTokenAuthenticator(secrets: [], salt: "user socket")
    },
    authenticator(
      "auth.mode = \"phoenix_token\"\nauth.secret = \"a secret of more than sixteen\"\nauth.max_age_s = 0"
    ) {
      var authenticator = try PhoenixTokenAuthenticator(secret: good, salt: "user socket")
      authenticator.maxAge = .seconds(0)
      return authenticator
    },
    authenticator(
      "auth.mode = \"jwt\"\nauth.secret = \"a secret of more than sixteen\"\nauth.claims = [\"\"]"
    ) {
      var authenticator = try JWTAuthenticator(secret: good)
      authenticator.claims.counted = [""]
      return authenticator
    },
    node("cluster.cookie = \"\"", cookie: ""),
    node("cluster.cookie = \"x\"\ncluster.tick_ms = 99") { $0.tickTime = .milliseconds(99) },
    node("cluster.cookie = \"x\"\ncluster.epmd_wait_ms = 3600001") { $0.epmdWait = .milliseconds(3_600_001) },
    node("cluster.cookie = \"x\"\ncluster.listen_port = 65536") { $0.listenPort = 65_536 },
    node("cluster.name = \"a\"") { $0.name = "a" },
    Setting("cluster.name = \"a@127.0.0.1\"\ncluster.cookie = \"x\"\ncluster.discovery_interval_ms = 99") {
      let node = try LocalNode(LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("x")))
      _ = try NodeDiscovery(node: node, sources: [], interval: .milliseconds(99))
    },
    Setting("cluster.name = \"a@127.0.0.1\"\ncluster.cookie = \"x\"\ncluster.seeds = [\"b\"]") {
      let node = try LocalNode(LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("x")))
      _ = try NodeDiscovery(node: node, sources: [.nodes(["b"])])
    },
  ]

  @Test("a setting that the file refuses", arguments: settings)
  func refused(_ setting: Setting) async throws {
    let file =
      setting.toml.contains("auth.mode") ? setting.toml : "auth.mode = \"anonymous\"\n" + setting.toml
    #expect(throws: ConfigurationFaultList.self) {
      try ServerConfiguration(toml: file, file: "gateway.toml", environment: [:])
    }
    await #expect(throws: (any Error).self) { try await setting.byCode() }
  }

  @Test("what replaces a secret while it runs is checked as the first one was")
  func replaced() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"))
    #expect(throws: ConfigFaults.self) { try gateway.receiver.replaceTokens(["token", ""]) }
    var configuration = StreamExporterConfiguration()
    configuration.token = Self.good
    let exporter = StreamExporter(configuration: configuration, bus: gateway.bus, source: gateway)
    #expect(throws: StreamExporterError.tokenTooShort(bytes: 0)) { try exporter.replaceTokens("") }
    #expect(throws: StreamExporterError.tokenTooShort(bytes: 5)) {
      try exporter.replaceTokens(Self.good, others: ["short"])
    }
    configuration.token = nil
    configuration.otherTokens = [Self.good]
    let open = StreamExporter(configuration: configuration, bus: gateway.bus, source: gateway)
    await #expect(throws: StreamExporterError.self) { try await open.start() }
    let node = try LocalNode(LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("x")))
    #expect(throws: LocalNodeError.emptyCookie) { try node.replaceCookie(Cookie("")) }
    let live = LiveAuthenticator(try JWTAuthenticator(secret: Self.good))
    var lax = try JWTAuthenticator(secret: Self.good)
    lax.leeway = .seconds(Int64.max)
    #expect(throws: AuthenticatorError.self) { try live.replace(lax) }
    #expect(throws: AuthenticatorError.self) {
      try PhoenixServer(
        gateway: gateway, configuration: PhoenixServerConfiguration(port: 0), authenticator: lax)
    }
  }
}
