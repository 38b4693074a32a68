import GenAPIChannels
import GenAPIGateway
import GenAPIStream
import Listening
import Locking

/// Where the metrics come from. It keeps neither the gateway nor its server alive, which hold it.
final class MetricsSource: Sendable {
  private struct Parts {
    weak var gateway: Gateway?
    weak var channels: PhoenixServer?
    weak var exporter: StreamExporter?
    weak var readiness: Readiness?
  }

  private let parts: Mutex<Parts>
  private let reloads: ReloadLog
  private let maxConnections: Int
  private let log: ServerLog

  init(
    gateway: Gateway, exporter: StreamExporter, reloads: ReloadLog, maxConnections: Int,
    readiness: Readiness, log: ServerLog
  ) {
    self.log = log
    parts = Mutex(Parts(gateway: gateway, exporter: exporter, readiness: readiness))
    self.reloads = reloads
    self.maxConnections = maxConnections
  }

  /// The server of the sockets, which is made after the route that asks here.
  func setChannels(_ channels: PhoenixServer) { parts.withLock { $0.channels = channels } }

  /// Another number than before when a copy of the answer would be wrong in what somebody acts on at once: whether clients
  /// should be sent here, and what became of a reload.
  var mark: Int {
    var hasher = Hasher()
    hasher.combine(parts.withLock { $0.readiness }?.mark)
    hasher.combine(reloads.mark)
    return hasher.finalize()
  }

  func answer(_ format: MetricsFormat) -> HTTPAnswer {
    let (gateway, channels, exporter, readiness) = parts.withLock {
      ($0.gateway, $0.channels, $0.exporter, $0.readiness)
    }
    guard let gateway, let readiness else { return HTTPAnswer(status: 503, text: "the gateway has stopped") }
    var server = ServerState()
    if let channels { server.channels = channels.statistics }
    server.maxConnections = maxConnections
    server.isReady = readiness.fault == nil
    server.isDraining = readiness.drains
    server.acceptFailures = AcceptRefusals.shared.value
    server.process = .read()
    server.reloads = reloads.state
    server.version = Software.version
    server.evictedKeys = gateway.rateLimiter.evictedKeys
    server.breakerRefusals = [gateway.asyncPool, gateway.streamPool].flatMap { $0.breakerRefusals() }
    server.droppedLogLines = log.droppedLines
    var state = gateway.currentState()
    // As the stream says it.
    if let exporter { state.totals.eventsDropped += exporter.missedEvents }
    return HTTPAnswer(
      contentType: format.contentType,
      body: Array(MetricsText.make(state, server: server, format).utf8))
  }
}
