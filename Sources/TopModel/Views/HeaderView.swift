import GenAPIValue

/// The top line: is it live, how much goes on, what is filtered, what was lost.
package struct HeaderView: Equatable, Sendable {
  package var targets: [TargetView] = []
  package var nodesUp = 0
  package var nodesTotal = 0
  /// Over the last second of the moment shown.
  package var requestsPerSecond = 0.0
  package var eventsPerSecond = 0.0
  /// Events that a queue had no room for, since the dashboard started.
  package var lost: Int64 = 0
  /// Names, texts and entries that were too long or too many to be kept, since the dashboard started.
  package var cut: Int64 = 0
  /// The requests per second of the last 60 seconds, oldest first; below zero where it is not known.
  package var trend: [Double] = []
  /// nil when live; else how many seconds back the panes are.
  package var secondsBack: Int?
  package var isPaused = false
  /// The moment shown, microseconds since the Unix epoch.
  package var at: Int64 = 0
  package var firingAlerts = 0
  /// The filter means service nodes: functions that run there are shown with all of their nodes' numbers.
  package var narrowsToServiceNodes = false
  /// The first moment there are numbers of, microseconds since the Unix epoch; nil when there are none.
  package var oldestAt: Int64?

  package init() {}
}

/// One gateway the dashboard is told to watch.
package struct TargetView: Equatable, Sendable {
  package enum Connection: Equatable, Sendable {
    case connecting
    case live
    /// In words, and the milliseconds until the next attempt.
    case down(reason: ByteText, retryInMs: Int64)
  }

  /// As given on the command line.
  package var address: ByteText
  /// The node's name, once it has said hello.
  package var node: ByteText?
  package var connection: Connection
  /// When the last frame came, microseconds since the Unix epoch.
  package var lastFrameAt: Int64?

  package init(
    address: ByteText, node: ByteText? = nil, connection: Connection = .connecting, lastFrameAt: Int64? = nil
  ) {
    self.address = address
    self.node = node
    self.connection = connection
    self.lastFrameAt = lastFrameAt
  }

  package var isLive: Bool { connection == .live }
}
