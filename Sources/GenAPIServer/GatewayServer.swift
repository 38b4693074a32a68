import ErlangNode
import GenAPIChannels
import GenAPICluster
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Listening
import Logging
import NIOPosix
import ServiceLifecycle

/// A gateway with everything around it that a configuration asks for: sockets, telemetry stream, health, metrics.
package struct GatewayServer: Service {
  package let configuration: ServerConfiguration
  package let gateway: Gateway
  package let channels: PhoenixServer
  package let exporter: StreamExporter
  /// nil when listening for health and metrics where the sockets are.
  package let health: PhoenixServer?
  /// Where operators of this machine ask; nil without a socket for it.
  package let control: PhoenixServer?
  /// The gateway's node in an Erlang cluster; nil when it is on its own.
  package let node: LocalNode?
  /// What became of readings of the configuration.
  package let reloads: ReloadLog
  let inForce: SettingsInForce
  let authenticator: LiveAuthenticator
  let claims: CountedClaims
  private let roles: NodeRoles?
  private let discovery: NodeDiscovery?
  private let log: ServerLog
  private let readiness: Readiness
  private let logger: Logger

  /// Makes everything and listens nowhere yet.
  ///
  /// - Throws: what is out of range, by its name.
  package init(_ configuration: ServerConfiguration, log: ServerLog) throws {
    try self.init(configuration, log: log, isTrial: false)
  }

  /// - Parameter isTrial: it is thrown away again. What serves a node keeps its gateway, and the gateway its node.
  init(_ configuration: ServerConfiguration, log: ServerLog, isTrial: Bool) throws {
    self.log = log
    logger = log.logger(label: "genapi.server")
    self.configuration = configuration
    let reloads = ReloadLog(certificates: configuration.certificates)
    self.reloads = reloads
    inForce = SettingsInForce(configuration.settings)
    authenticator = LiveAuthenticator(configuration.authenticator)
    let claims = CountedClaims(configuration.countedClaims)
    self.claims = claims
    var settings = configuration.gateway
    settings.logger = log.logger(label: "genapi.gateway")
    if var cluster = configuration.cluster?.node {
      cluster.logger = log.logger(label: "genapi.cluster")
      node = try LocalNode(cluster)
    } else {
      node = nil
    }
    let remote: any RemoteCaller
    if let node { remote = ErlangCluster(node: node) } else { remote = NoCluster() }
    let gateway = try Gateway(configuration: settings, remote: remote)
    self.gateway = gateway
    let readiness = Readiness(gateway: gateway)
    self.readiness = readiness
    if let node {
      if !isTrial { ConfigService(gateway: gateway).serve(on: node) }
      let roles = NodeRoles(node: node)
      roles.serve(on: gateway)
      for (name, set) in configuration.cluster?.roles ?? [:] { roles.set(set, of: name) }
      self.roles = roles
      let discovery = try NodeDiscovery(
        node: node, sources: configuration.cluster?.sources ?? [],
        interval: configuration.cluster?.discoveryInterval ?? .seconds(10),
        logger: log.logger(label: "genapi.cluster"))
      discovery.serve(on: gateway)
      self.discovery = discovery
    } else {
      roles = nil
      discovery = nil
    }
    if configuration.logsEvents {
      try gateway.bus.attachDefaultLogger(logger: log.logger(label: "genapi.telemetry"))
    }
    if configuration.logsRequests { try gateway.bus.setAccessLog(true, log) }
    BuiltinFunctions.register(on: gateway)
    for config in configuration.functions { try gateway.configs.add(config) }
    let portsOfIPv4 = configuration.portsOfIPv4
    var telemetry = configuration.telemetry
    telemetry.portsOfIPv4 = portsOfIPv4
    exporter = StreamExporter(
      configuration: telemetry, bus: gateway.bus, source: gateway,
      logger: log.logger(label: "genapi.stream"),
      // One that is thrown away makes no threads, which need descriptors that there may not be any more at a reload.
      loop: isTrial ? MultiThreadedEventLoopGroup.singleton.any() : nil)
    // Strangers may ask where the sockets are; each text is made at most once a second.
    let source = MetricsSource(
      gateway: gateway, exporter: exporter, reloads: reloads,
      maxConnections: configuration.websocket.maxConnections, readiness: readiness, log: log)
    let texts = MetricsFormat.allCases.map { format in
      AnswerCache(for: .seconds(1), clock: gateway.clock, mark: { source.mark }) { source.answer(format) }
    }
    let metrics: HTTPRoute = { question in
      await texts[MetricsFormat(accept: question.accept).rawValue].answer()
    }
    var asked: [ByteText: HTTPRoute] = ["/metrics": metrics]
    if configuration.tellsFunctions { asked[FunctionsRoute.path] = FunctionsRoute.route(of: gateway) }
    let routes = asked
    // One list, for /healthz, the console and ctl.
    gateway.tellChecks("descriptors") {
      [
        AcceptRefusals.shared.isRecent()
          ? HealthCheck(
            "descriptors", .degraded,
            "hardly any are left: clients are refused; raise the limit (LimitNOFILE, ulimit -n) or lower "
              + "websocket.max_connections")
          : HealthCheck("descriptors", .ok, "nobody is refused for want of them")
      ]
    }
    if let node { gateway.tellChecks("cluster") { [weak node] in node.map { [Self.check(of: $0)] } ?? [] } }
    gateway.tellChecks("configuration") {
      [reloads.check] + [reloads.missingCheck, reloads.certificateCheck].compactMap(\.self)
    }
    gateway.tellChecks("log") { [log, clock = gateway.clock] in [log.check(at: clock.monotonicNanoseconds())]
    }
    let channelLogger = log.logger(label: "genapi.channels")
    var websocket = configuration.websocket
    websocket.portsOfIPv4 = portsOfIPv4
    channels = try PhoenixServer(
      gateway: gateway, configuration: websocket, authenticator: authenticator,
      routes: configuration.health == nil && configuration.websocket.tellsHealth ? routes : [:],
      readiness: readiness, logger: channelLogger)
    source.setChannels(channels)
    gateway.tellServer { [weak channels = self.channels, reloads, log] state in
      reloads.state.tell(&state)
      state.process.droppedLogLines = log.droppedLines
      state.sockets.acceptFailures = AcceptRefusals.shared.value
      if let channels { state.sockets.refusedHandshakes = channels.statistics.refused }
    }
    /// Without sockets.
    func plainServer(
      _ configuration: PhoenixServerConfiguration, commands: [ByteText: HTTPRoute] = [:]
    ) throws -> PhoenixServer {
      var plain = configuration
      plain.channels.topics = []
      return try PhoenixServer(
        gateway: gateway, configuration: plain,
        authenticator: CustomAuthenticator { _ in throw AuthenticationRefused("no sockets here") },
        routes: routes, commands: commands, readiness: readiness,
        logger: channelLogger)
    }
    if let path = configuration.controlPath {
      var plain = PhoenixServerConfiguration()
      plain.unixPath = path
      plain.listenerName = "control"
      control = try plainServer(plain, commands: ControlRoutes.all(for: gateway) { claims.names })
    } else {
      control = nil
    }
    if let (host, port) = configuration.health {
      var plain = PhoenixServerConfiguration(host: host, port: port)
      plain.listeningSocket = configuration.healthSocket
      plain.listenerName = "health"
      plain.portsOfIPv4 = portsOfIPv4
      plain.hostNames = configuration.websocket.hostNames
      plain.guardsLoopbackHostsOnly = true
      health = try plainServer(plain)
    } else {
      health = nil
    }
  }

  /// In the order in which they start; they end in the opposite one. Sockets drain while everything that their requests
  /// need still runs, and health is answered to the end of it, so that whoever asks reads that the gateway is not ready.
  /// The stream tells of the drain, and the cluster serves it.
  var parts: [ServerPart] {
    var parts: [ServerPart] = []
    func add(
      _ name: String, start: @escaping @Sendable () async throws -> Void = {},
      stop: @escaping @Sendable () async -> Void = {}, serve: @escaping @Sendable () async throws -> Void
    ) {
      parts.append(ServerPart(name, logger: logger, start: start, stop: stop, serve: serve))
    }
    // Where a start waits for epmd, operators can ask why.
    if let control { add("control", start: control.start, stop: control.stop, serve: control.serve) }
    if let health { add("health", start: health.start, stop: health.stop, serve: health.serve) }
    if let node { add("cluster node", start: node.start, stop: node.stop, serve: node.serve) }
    add(
      "telemetry stream", start: exporter.start,
      stop: { [exporter, logger] in
        await exporter.stop(reason: "the gateway shuts down")
        logger.notice("the telemetry stream is closed")
      }, serve: exporter.serve)
    add("readiness log") { [gateway, logger] in
      await cancelWhenGracefulShutdown { await ReadinessLog(gateway: gateway, logger: logger).run() }
    }
    if let discovery {
      add("discovery") { await cancelWhenGracefulShutdown { await discovery.run() } }
    }
    add("gateway", serve: gateway.run)
    add("sockets", start: channels.start, stop: channels.stop, serve: channels.serve)
    return parts
  }

  /// Never an error: who is connected stays so.
  private static func check(of node: LocalNode) -> HealthCheck {
    guard let trouble = node.trouble else {
      return HealthCheck("cluster", .ok, "\(node.name), \(node.nodes.count) nodes connected")
    }
    return HealthCheck("cluster", .degraded, "other nodes do not find \(node.name): \(trouble)")
  }

  /// Begins to listen everywhere, or nowhere: what is open already is closed when a later one fails.
  package func start() async throws {
    var started: [ServerPart] = []
    do {
      for part in parts {
        try await part.start()
        started.append(part)
      }
    } catch {
      for part in started.reversed() { await part.stop() }
      throw error
    }
  }

  /// Serves, once it listens, until it is told to shut down; then drains the sockets, and says bye on the stream.
  ///
  /// - Throws: when a part ends before; the others drain and end then, too.
  package func run() async throws {
    readiness.begin()
    try await ServiceGroup(
      configuration: ServiceGroupConfiguration(services: parts.map(\.configuration), logger: logger)
    ).run()
  }

  /// Ends what `start` began, for whoever does not run it.
  package func stop() async { for part in parts.reversed() { await part.stop() } }

  /// Makes everything that a start would make of a configuration, and throws it away: whatever only the parts themselves find
  /// wrong. Nothing listens, and nobody is told.
  ///
  /// - Throws: what is out of range, by its name.
  package static func check(_ configuration: ServerConfiguration) throws {
    _ = try GatewayServer(configuration, log: ServerLog(.critical), isTrial: true)
  }

  /// Half of a file that is being written is a file, too: one that takes away all that this gateway serves is not taken.
  private func checkFunctions(_ new: ServerConfiguration, over old: ServerConfiguration) throws {
    guard new.functions.isEmpty, !old.functions.isEmpty, !new.gateway.isClient else { return }
    guard !gateway.configs.keepsAny(without: old.functions) else { return }
    throw ConfigurationFaultList(faults: [
      ConfigurationFault(
        source: new.file,
        reason: "has none of the \(old.functions.count) functions that it had before, and this gateway knows "
          + "no others: write one, or start anew")
    ])
  }

  /// Puts a changed configuration into force, as far as that goes without a restart.
  ///
  /// - Returns: the settings that wait for a restart, whichever reload brought them.
  /// - Throws: what a start with it would fail for, or `ConfigurationFaultList`; nothing has changed then.
  @discardableResult
  package func reload(_ new: ServerConfiguration, over old: ServerConfiguration) throws -> [String] {
    if new.isEmpty, !old.isEmpty {
      // A file that is being written, or was emptied by mistake: nobody asks for a gateway of defaults that way.
      throw ConfigurationFaultList(faults: [
        ConfigurationFault(
          source: new.file, reason: "is empty, and was not before: write the settings, or start anew")
      ])
    }
    try checkFunctions(new, over: old)
    try Self.check(new)
    let faults = ListenTrial(self).faults(of: new)
    if !faults.isEmpty { throw ConfigurationFaultList(faults: faults) }
    return Reloading(server: self, authenticator: authenticator, log: log, logger: logger)
      .apply(new, over: old)
  }
}
