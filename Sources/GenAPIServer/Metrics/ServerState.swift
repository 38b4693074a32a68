import GenAPIChannels

/// What a server knows beside its gateway's state.
public struct ServerState: Sendable {
  /// Of the sockets' listener.
  public var channels = PhoenixServerStatistics()
  public var maxConnections = 0
  /// Whether clients should be sent here, as /readyz says.
  public var isReady = false
  public var isDraining = false
  /// Over all listeners.
  public var acceptFailures: Int64 = 0
  public var process = ProcessLimits()
  public var reloads = ReloadLog.State()
  public var version = ""
  /// Of the limits: keys that were given up for others.
  public var evictedKeys: Int64 = 0
  /// Of the program's log.
  public var droppedLogLines: Int64 = 0

  public init() {}
}
