import GenAPIGateway
import GenAPIValue
import Listening
import Locking
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The WebSocket front of a gateway: Phoenix Channels clients connect to it unchanged.
///
/// ```swift
/// let server = try PhoenixServer(gateway: gateway, authenticator: JWTAuthenticator(secret: secret))
/// try await ServiceGroup(services: [gateway, server], logger: logger).run()
/// ```
///
/// `GET /livez` answers 200 while the process works, `GET /readyz` 200 or, with the reason, 503, and `GET /healthz` the
/// gateway's health as JSON, always with 200.
public final class PhoenixServer: Service, Sendable {
  /// What the server was made with.
  public let configuration: PhoenixServerConfiguration
  private let hub: ServerHub
  private let group: any EventLoopGroup
  private let logger: Logger
  private let readiness: Readiness
  /// Plain paths or commands make a server without topics one of use.
  private let hasRoutes: Bool
  /// Nobody else says when everything listens.
  private let isAlone: Bool
  private let state = Mutex(State())

  private struct State {
    var isStarted = false
    var listener: (any Channel)?
  }

  /// - Parameters:
  ///   - authenticator: says who a client is. `AnonymousAuthenticator` lets everybody in, which is of use only with
  ///     `channels.requiresVerifiedUserID` off.
  ///   - routes: more paths that plain HTTP requests may GET.
  ///   - commands: paths that they may POST to, over a Unix socket and nowhere else.
  ///   - healthChecks: more of them for `/healthz`.
  ///   - readiness: shared by several servers of one gateway; whoever made it says when all of them listen.
  /// - Throws: `PhoenixServerError.invalid` naming the setting that is out of range, or `AuthenticatorError`.
  public init(
    gateway: Gateway, configuration: PhoenixServerConfiguration = PhoenixServerConfiguration(),
    authenticator: any Authenticator, routes: [ByteText: HTTPRoute] = [:],
    commands: [ByteText: HTTPRoute] = [:],
    healthChecks: @escaping @Sendable () -> [HealthCheck] = { [] }, readiness: Readiness? = nil,
    logger: Logger = Logger(label: "genapi.channels"), group: (any EventLoopGroup)? = nil
  ) throws {
    try configuration.validate()
    try authenticator.validate()
    if authenticator is AnonymousAuthenticator, configuration.channels.requiresVerifiedUserID,
      !configuration.channels.topics.isEmpty
    {
      throw PhoenixServerError.invalid(
        setting: "channels.requiresVerifiedUserID", value: "true",
        allowed: "false with AnonymousAuthenticator: nobody would be let in")
    }
    guard commands.isEmpty || configuration.unixPath != nil else {
      throw PhoenixServerError.invalid(setting: "commands", value: "given", allowed: "empty without unixPath")
    }
    self.configuration = configuration
    self.logger = logger
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
    isAlone = readiness == nil
    let readiness = readiness ?? Readiness(gateway: gateway)
    self.readiness = readiness
    hasRoutes = !routes.isEmpty || !commands.isEmpty || configuration.unixPath != nil
    var routes = routes
    routes[HealthRoutes.livePath] = HealthRoutes.live
    routes[HealthRoutes.readyPath] = HealthRoutes.ready(readiness)
    if configuration.tellsHealth {
      routes[HealthRoutes.reportPath] = HealthRoutes.report(gateway, readiness, more: healthChecks)
    }
    hub = ServerHub(
      gateway: gateway, configuration: configuration, authenticator: authenticator, routes: routes,
      commands: commands, logger: logger, timeLoop: self.group.next())
  }

  /// Serves until graceful shutdown or cancellation; then lets running requests end.
  public func run() async throws {
    try await ListenerWatch.run(start: start, serve: serve, stop: stop)
  }

  /// Waits, once it listens, until graceful shutdown or cancellation. Whoever calls it stops it then.
  ///
  /// - Throws: `ListenerClosed` when nobody can connect any more.
  public func serve() async throws(ListenerClosed) {
    try await ListenerWatch.untilShutdown(state.withLock { $0.listener.map { [$0] } ?? [] })
  }

  /// Begins to listen.
  ///
  /// - Throws: `PhoenixServerError`.
  public func start() async throws {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { throw PhoenixServerError.alreadyStarted }
    do {
      let listener = try await ChannelListener.bind(hub, group: group)
      state.withLock { $0.listener = listener }
      if isAlone { readiness.begin() }
    } catch {
      let reason = ListenProblem.describe(error)
      if let path = configuration.unixPath {
        throw PhoenixServerError.cannotListenAt(path: path, reason: reason)
      }
      throw PhoenixServerError.cannotListen(
        host: configuration.host, port: configuration.port, reason: reason)
    }
    var metadata: Logger.Metadata = [
      "listener": "\(configuration.listenerName)", "address": "\(boundAddress?.addressText ?? "")",
    ]
    guard !configuration.channels.topics.isEmpty else {
      // Nobody could join anything.
      guard hasRoutes else {
        return logger.notice(
          "listening for health alone: channels.topics is empty, so that no client can join",
          metadata: metadata)
      }
      let what = configuration.unixPath == nil ? "health and metrics" : "operators of this machine"
      return logger.info("listening for \(what)", metadata: metadata)
    }
    metadata["path"] = "\(configuration.path)"
    logger.info("listening for clients", metadata: metadata)
  }

  /// Where it listens, with the port the system chose; nil before `start`.
  public var boundAddress: SocketAddress? { state.withLock { $0.listener?.localAddress } }

  /// Shows another certificate to clients that come from now on; sockets that are open stay.
  ///
  /// - Throws: when the certificate and its key do not fit; then all stays as it was.
  public func replaceTLS(_ tls: any TransportEncryption) { hub.tls.withLock { $0 = tls } }

  /// What happened since the start.
  public var statistics: PhoenixServerStatistics { hub.statistics }

  /// Says that it is not ready, lets nobody in any more after `drainDelay`, gives the sockets their turns over
  /// `drainSpread`, waits at most `drainTimeout` for the requests that run, and closes what is left. Each socket goes on
  /// until its turn; then its new requests are refused, and it is closed with 1001 as soon as the others are answered.
  /// The log says every 5 s what is left.
  public func stop() async {
    let listener = state.withLock { state in
      defer { state.listener = nil }
      return state.listener
    }
    let name: Logger.MetadataValue = "\(configuration.listenerName)"
    if readiness.drain(), configuration.drainDelay > .zero, listener != nil {
      logger.notice(
        "not ready any more; connections are still accepted for a while",
        metadata: ["listener": name, "drain_delay_ms": "\(configuration.drainDelay.wholeMilliseconds)"])
      try? await hub.gateway.clock.sleep(for: configuration.drainDelay)
    }
    if let listener {
      if configuration.listeningSocket == nil {
        // Who still comes is told to go elsewhere, and not let in to be sent away.
        _ = hub.beginDraining()
        await closeWhenNobodyWaits(listener)
      } else {
        // Whoever waits is the next process's, which has the same socket.
        await rest(listener)
        try? await listener.close()
      }
    }
    let sockets = hub.beginDraining()
    let telling = Task { [hub, logger] in
      while (try? await hub.gateway.clock.sleep(milliseconds: Self.progressMs)) != nil {
        logger.notice(
          "the sockets are being closed",
          metadata: [
            "listener": name, "sockets": .stringConvertible(hub.openSockets),
            "requests": .stringConvertible(hub.requestsInFlight),
          ])
      }
    }
    defer { telling.cancel() }
    logger.notice(
      "no new clients are accepted",
      metadata: ["listener": name, "sockets": .stringConvertible(sockets.count)])
    await giveTurns(to: sockets)
    hub.beginRefusing()
    let hub = hub
    await within(configuration.drainTimeout) { await hub.requestsEnded() }
    let waiting = hub.gateway.refuseWaiting(of: Set(sockets.map(\.socketID)))
    if waiting > 0 {
      logger.warning(
        "requests are refused that waited for a worker; their clients may send them again",
        metadata: ["listener": name, "requests": .stringConvertible(waiting)])
    }
    let late = hub.requestsInFlight
    if late > 0 {
      logger.warning(
        "requests are cut off that took too long; their clients are told that they may have been done",
        metadata: [
          "listener": name, "requests": .stringConvertible(late),
          "drain_timeout_ms": "\(configuration.drainTimeout.wholeMilliseconds)",
        ])
    }
    for socket in sockets { socket.perform { $0.cutOff() } }
    // One whose last answer is being made this moment waits for it.
    await within(.milliseconds(500)) { await hub.socketsEnded() }
    for socket in sockets {
      socket.perform { $0.end(code: 1_001, "the server shuts down", reason: .shutdown) }
    }
    await within(.milliseconds(2_000)) { await hub.socketsEnded() }
    // Whoever was let in last may not have asked yet: it gets an answer, and not the end of its connection.
    // Who has had that time and says or takes nothing holds up nobody.
    hub.closeResting(forMs: Self.lastWordMs)
    await within(.milliseconds(Self.lastWordMs)) { await hub.connectionsEnded() }
    if !sockets.isEmpty {
      logger.notice(
        "the sockets are closed", metadata: ["listener": name, "left": .stringConvertible(hub.openSockets)])
    }
    hub.strangers.endWindow()
  }

  /// Accepts until nobody waits to be, and closes then: the system ends the connections that wait in a listener's queue
  /// without a word, and their clients have sent their requests already.
  ///
  /// Last the system is told to let nobody new into the queue, or somebody could come between the last look and the end, and
  /// where many come somebody always waits. Whose first packet it drops sends it again a second later, and is refused then.
  private func closeWhenNobodyWaits(_ listener: any Channel) async {
    try? await listener.setOption(.maxMessagesPerRead, value: Self.acceptedARound).get()
    await rest(listener)
    await NewcomerFilter.attach(to: listener)
    for _ in 0..<Self.mostRounds {
      await rest(listener)
      if (try? await AcceptCount.closeIfNobodyWaits(listener).get()) ?? true { return }
    }
    await rest(listener)
    try? await listener.close()
  }

  private static let acceptedARound: UInt = 256
  private static let mostRounds = 64

  /// Nobody is accepted any more, and whoever was is counted. A listener that is closed takes those along that it has
  /// accepted and not handed on yet.
  private func rest(_ listener: any Channel) async {
    try? await listener.setOption(.autoRead, value: false).get()
    await acceptedHaveArrived()
  }

  /// Returns once every connection that was accepted is counted: the last ones are on the way to their event loops, and the
  /// process would end without an answer to them.
  private func acceptedHaveArrived() async {
    // To its loop, back to the listener's, and once more to be active.
    for _ in 0..<3 {
      for loop in group.makeIterator() { try? await loop.submit {}.get() }
    }
  }

  /// How long a connection that has asked for nothing yet, or does not take its answer, is waited for at the end.
  private static let lastWordMs: Int64 = 1_000

  /// How often the log says how far a shutdown is.
  private static let progressMs: Int64 = 5_000

  /// One after the other over the time, in steps of at least 10 ms.
  private func giveTurns(to sockets: [SocketHandler.Reference]) async {
    guard configuration.drainSpread > .zero, !sockets.isEmpty else {
      for socket in sockets { socket.perform { $0.leave() } }
      return
    }
    logger.notice(
      "the sockets are closed one after the other",
      metadata: [
        "listener": "\(configuration.listenerName)",
        "drain_spread_ms": "\(configuration.drainSpread.wholeMilliseconds)",
      ])
    let spreadNs = configuration.drainSpread.wholeNanoseconds
    let start = hub.gateway.clock.monotonicNanoseconds()
    var next = 0
    while next < sockets.count {
      let passed = hub.gateway.clock.monotonicNanoseconds() - start
      let due =
        passed >= spreadNs
        ? sockets.count : Int(Double(sockets.count) * Double(passed) / Double(spreadNs)) + 1
      while next < min(due, sockets.count) {
        sockets[next].perform { $0.leave() }
        next += 1
      }
      if next == sockets.count { return }
      do { try await hub.gateway.clock.sleep(milliseconds: 10) } catch { return }
    }
  }

  private func within(_ limit: Duration, _ body: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await body() }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }
}
