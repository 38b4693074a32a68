import GenAPIValue

/// The top line: is it live, how much goes on, what is filtered, what was lost.
public struct HeaderView: Equatable, Sendable {
  public var targets: [TargetView] = []
  public var nodesUp = 0
  public var nodesTotal = 0
  /// Over the last second of the moment shown.
  public var requestsPerSecond = 0.0
  public var eventsPerSecond = 0.0
  /// Events that a queue had no room for, since the dashboard started.
  public var lost: Int64 = 0
  /// Names, texts and entries that were too long or too many to be kept, since the dashboard started.
  public var cut: Int64 = 0
  /// The requests per second of the last 60 seconds, oldest first; below zero where it is not known.
  public var trend: [Double] = []
  /// nil when live; else how many seconds back the panes are.
  public var secondsBack: Int?
  public var isPaused = false
  /// The moment shown, microseconds since the Unix epoch.
  public var at: Int64 = 0
  public var firingAlerts = 0
  /// The filter means service nodes: functions that run there are shown with all of their nodes' numbers.
  public var narrowsToServiceNodes = false
  /// The first moment there are numbers of, microseconds since the Unix epoch; nil when there are none.
  public var oldestAt: Int64?

  public init() {}
}

/// One gateway the dashboard is told to watch.
public struct TargetView: Equatable, Sendable {
  public enum Connection: Equatable, Sendable {
    case connecting
    case live
    /// In words, and the milliseconds until the next attempt.
    case down(reason: ByteText, retryInMs: Int64)
  }

  /// As given on the command line.
  public var address: ByteText
  /// The node's name, once it has said hello.
  public var node: ByteText?
  public var connection: Connection
  /// When the last frame came, microseconds since the Unix epoch.
  public var lastFrameAt: Int64?

  public init(
    address: ByteText, node: ByteText? = nil, connection: Connection = .connecting, lastFrameAt: Int64? = nil
  ) {
    self.address = address
    self.node = node
    self.connection = connection
    self.lastFrameAt = lastFrameAt
  }

  public var isLive: Bool { connection == .live }
}
