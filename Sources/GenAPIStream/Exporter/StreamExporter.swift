import GenAPITelemetry
import GenAPIValue
import Listening
import Locking
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The server of the telemetry stream: lets subscribers read a gateway's events and state over TCP or a Unix
/// socket.
///
/// The gateway never waits for a subscriber. One that is too slow misses events, which are counted and reported to
/// it; one that takes nothing for a minute is cut off.
///
/// ```swift
/// let exporter = StreamExporter(bus: bus, source: gateway)
/// try await ServiceGroup(services: [exporter], logger: logger).run()
/// ```
public final class StreamExporter: Service, Sendable {
  /// What the exporter was made with.
  public let configuration: StreamExporterConfiguration
  private let logger: Logger
  let hub: ExporterHub
  private let state = Mutex(State())

  private struct State {
    var isStarted = false
    var listeners: [any Channel] = []
  }

  /// - Parameters:
  ///   - bus: whose events are exported, under the name of its node.
  ///   - source: asked for the state once an interval at most, however many subscribers there are.
  ///   - loop: where all connections live; by default one of the exporter's own, so that subscribers that cost much
  ///     hold up no client's socket.
  public init(
    configuration: StreamExporterConfiguration = StreamExporterConfiguration(), bus: TelemetryBus,
    source: any StateSource, logger: Logger = Logger(label: "genapi.stream"), loop: (any EventLoop)? = nil
  ) {
    self.configuration = configuration
    self.logger = logger
    hub = ExporterHub(
      loop: loop, configuration: configuration, bus: bus,
      source: source, startedAt: configuration.startedAt ?? SystemTime().wallMicroseconds(), logger: logger)
  }

  /// Starts, serves until graceful shutdown or cancellation, and says bye to all subscribers.
  public func run() async throws {
    try await ListenerWatch.run(start: start, serve: serve) { [self] in
      await stop(reason: "the gateway shuts down")
    }
  }

  /// Waits, once it listens, until graceful shutdown or cancellation. Whoever calls it stops it then.
  ///
  /// - Throws: `ListenerClosed` when nobody can subscribe any more.
  public func serve() async throws(ListenerClosed) {
    try await ListenerWatch.untilShutdown(state.withLock { $0.listeners })
  }

  /// Begins to listen on every configured address.
  ///
  /// - Throws: `StreamExporterError` when a setting is out of range, when an address needs a token, or when an
  ///   address cannot be listened on; then it listens on none.
  public func start() async throws {
    try configuration.validate()
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { throw StreamExporterError.alreadyStarted }
    hub.tellForeignSource()
    for address in configuration.addresses {
      do {
        let listener = try await ExporterListener.bind(address, hub: hub)
        state.withLock { $0.listeners.append(listener) }
        logger.info(
          "the telemetry stream is open",
          metadata: ["address": "\(listener.localAddress?.addressText ?? "\(address)")"])
      } catch {
        await stop(reason: "start failed")
        throw StreamExporterError.cannotListen(address, reason: ListenProblem.describe(error))
      }
    }
  }

  /// The address of the first listener, with the port the system chose; nil before `start`.
  public var boundAddress: SocketAddress? { state.withLock { $0.listeners.first?.localAddress } }

  /// Where it listens, in the order of the configuration; empty before `start`.
  package var boundAddresses: [SocketAddress] {
    state.withLock { $0.listeners.compactMap(\.localAddress) }
  }

  /// Ends listening, says bye to all subscribers with the reason, and waits until they are gone, at most
  /// `closeTimeout`.
  public func stop(reason: ByteText) async { await end(.bye(reason: reason)) }

  /// Ends as `stop(reason:)` does, but with an error of the code `gone`: the gateway that is exported is somewhere else and was lost,
  /// so that it never said bye itself.
  public func stop(lost reason: ByteText) async { await end(.gone(reason: reason)) }

  private func end(_ farewell: Farewell) async {
    let listeners = state.withLock { state in
      defer { state.listeners = [] }
      return state.listeners
    }
    for listener in listeners { try? await listener.close() }
    let hub = hub
    let closed = hub.loop.flatSubmit { hub.shutdown(farewell) }
    try? await closed.get()
  }

  /// Who comes from now on needs one of these tokens; those who watch already go on. An exporter that was made without
  /// a token stays without one.
  ///
  /// - Throws: `StreamExporterError.tokenTooShort`, and nothing is replaced then.
  public func replaceTokens(_ token: ByteText, others: [ByteText] = []) throws(StreamExporterError) {
    try StreamExporterConfiguration.check(tokens: [token] + others)
    guard configuration.token != nil else { return }
    hub.replaceTokens(token, others)
  }

  /// Events that some subscriber missed because it was too slow, once for each that missed it.
  package var missedEvents: Int64 { hub.missedEvents.load(ordering: .relaxed) }

  /// What happened since the start.
  public func statistics() async -> StreamExporterStatistics {
    let hub = hub
    return (try? await hub.loop.submit { hub.currentStatistics() }.get()) ?? StreamExporterStatistics()
  }
}
