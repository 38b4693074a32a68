import GenAPIChannels
import GenAPIGateway

/// What a server knows beside its gateway's state.
package struct ServerState: Sendable {
  /// Of the sockets' listener.
  package var channels = PhoenixServerStatistics()
  package var maxConnections = 0
  /// Whether clients should be sent here, as /readyz says.
  package var isReady = false
  package var isDraining = false
  /// Over all listeners.
  package var acceptFailures: Int64 = 0
  package var process = ProcessLimits()
  package var reloads = ReloadLog.State()
  package var version = ""
  /// Of the limits: keys that were given up for others.
  package var evictedKeys: Int64 = 0
  /// Of the pools' circuit breakers.
  package var breakerRefusals: [BreakerRefusals] = []
  /// Of the program's log.
  package var droppedLogLines: Int64 = 0

  package init() {}
}
