import GenAPIGateway
import GenAPIValue
import Listening
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The WebSocket front of a gateway: Phoenix Channels clients connect to it unchanged.
///
/// ```swift
/// let server = try ChannelServer(gateway: gateway, authenticator: JWTAuthenticator(secret: secret))
/// try await ServiceGroup(services: [gateway, server], logger: logger).run()
/// ```
///
/// `GET /healthz` answers the gateway's health as JSON: 200 while it is ok or degraded, else 503.
public final class ChannelServer: Service, Sendable {
  public let configuration: ChannelServerConfiguration
  private let hub: ServerHub
  private let group: any EventLoopGroup
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var isStarted = false
    var listener: (any Channel)?
  }

  /// - Parameters:
  ///   - authenticator: says who a client is. `AnonymousAuthenticator` lets everybody in, which is of use only with
  ///     `channels.requiresVerifiedUserID` off.
  ///   - routes: more paths that plain HTTP requests may GET.
  /// - Throws: `ChannelServerError.invalid` naming the setting that is out of range.
  public init(
    gateway: Gateway, configuration: ChannelServerConfiguration = ChannelServerConfiguration(),
    authenticator: any Authenticator, routes: [ByteText: HTTPRoute] = [:],
    logger: Logger = Logger(label: "genapi.channels"), group: (any EventLoopGroup)? = nil
  ) throws {
    try configuration.validate()
    self.configuration = configuration
    self.logger = logger
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
    var routes = routes
    if routes["/healthz"] == nil {
      let health = AnswerCache(milliseconds: 100, clock: gateway.clock, Self.health(gateway))
      routes["/healthz"] = { _ in await health.answer() }
    }
    hub = ServerHub(
      gateway: gateway, configuration: configuration, authenticator: authenticator, routes: routes,
      logger: logger)
  }

  /// Serves until graceful shutdown or cancellation; then lets running requests end.
  public func run() async throws {
    try await start()
    try? await gracefulShutdown()
    await stop()
  }

  /// Begins to listen.
  ///
  /// - Throws: `ChannelServerError`.
  public func start() async throws {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { throw ChannelServerError.alreadyStarted }
    do {
      let listener = try await ChannelListener.bind(hub, group: group)
      state.withLock { $0.listener = listener }
    } catch {
      throw ChannelServerError.cannotListen(
        host: configuration.host, port: configuration.port, reason: ListenProblem.describe(error))
    }
    logger.info(
      "clients can connect",
      metadata: [
        "address": "\(boundAddress.map(String.init(describing:)) ?? "")", "path": "\(configuration.path)",
      ])
  }

  /// Where it listens, with the port the system chose; nil before `start`.
  public var boundAddress: SocketAddress? { state.withLock { $0.listener?.localAddress } }

  /// Shows another certificate to clients that come from now on; sockets that are open stay.
  ///
  /// - Throws: when the certificate and its key do not fit; then all stays as it was.
  public func replaceTLS(_ configuration: TLSConfiguration) throws { try hub.setTLS(configuration) }

  /// What happened since the start.
  public var statistics: ChannelServerStatistics { hub.statistics }

  /// Lets nobody in any more, refuses new requests, waits at most `drainMs` for those that run, and closes every
  /// socket with 1001.
  public func stop() async {
    let listener = state.withLock { state in
      defer { state.listener = nil }
      return state.listener
    }
    try? await listener?.close()
    let sockets = hub.beginDraining()
    let hub = hub
    await within(milliseconds: configuration.drainMs) { await hub.requestsEnded() }
    for socket in sockets {
      socket.perform { $0.end(code: 1_001, "the server shuts down", reason: "shutdown") }
    }
    await within(milliseconds: 2_000) { await hub.socketsEnded() }
  }

  private func within(milliseconds: Int64, _ body: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await body() }
      group.addTask { try? await Task.sleep(for: .milliseconds(milliseconds)) }
      await group.next()
      group.cancelAll()
    }
  }

  private static func health(_ gateway: Gateway) -> @Sendable () async -> HTTPAnswer {
    {
      let report = gateway.health()
      guard let value = try? ValueEncoder().encode(report) else {
        return HTTPAnswer(status: 503, text: "the report cannot be written")
      }
      return HTTPAnswer(
        status: report.status == .error ? 503 : 200, contentType: "application/json",
        body: value.jsonBytes + [10])
    }
  }
}
