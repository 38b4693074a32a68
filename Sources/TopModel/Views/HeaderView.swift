import GenAPITelemetry
import GenAPIValue

/// The top line: is it live, how much goes on, what is filtered, what was lost.
package struct HeaderView: Equatable, Sendable {
  package var targets: [TargetView] = []
  package var nodesUp = 0
  package var nodesTotal = 0
  /// Gateways that drain, and others that are up and not ready, at the moment shown.
  package var draining = 0
  package var unready = 0
  /// What is wrong with the first gateway that says so, in words: why it is not ready, or what it cannot tell.
  package var fault: ByteText?
  /// Service nodes that are down, at the moment shown.
  package var serviceNodesDown: [ByteText] = []
  /// Gateways whose last reload failed, live.
  package var failedReloads: [ByteText] = []
  /// Gateways of whose health something is degraded that no other number tells, with the name of the first such check.
  package var degraded: [Degraded] = []
  /// Services that cannot be pulled.
  package var failingPulls: [ByteText] = []
  /// Of the certificate of any gateway that expires first, in seconds, where that is in less than 7 days; 0 or less when
  /// it has.
  package var certificateSeconds: Int64?
  /// The gateway that has it.
  package var certificateGateway: ByteText?
  /// Worker pools that are full, at the moment shown, as alerts call them.
  package var fullPools: [ByteText] = []
  /// Seconds of the window that were watched, at most all of it: rates and percentiles are over those.
  package var watchedSeconds: Int?
  /// Gateways of which something was kept at the moment shown; all of them live.
  package var nodesKept = 0
  /// Over the last second of the moment shown.
  package var requestsPerSecond = 0.0
  /// Of how many of the gateways that are heard the two rates are: one that was reached just now has told none yet.
  package var ratesKnown = Known.all
  package var eventsPerSecond = 0.0
  /// Of all gateways since they started, also before they were watched.
  package var requests: Int64 = 0
  /// What no gateway tells that was heard.
  package var unknown = UnknownState()
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
  /// One of them is critical.
  package var firesCritical = false
  /// Keys that the rate limits of all gateways gave up before their windows ended, since the gateways started.
  package var evictedKeys: Int64 = 0
  /// Events that are kept to be looked at, and that came since the dashboard started.
  package var keptEvents = 0
  package var seenEvents: Int64 = 0
  /// The filter means service nodes: functions that run there are shown with all of their nodes' numbers.
  package var narrowsToServiceNodes = false
  /// The first moment there are numbers of, microseconds since the Unix epoch; nil when there are none.
  package var oldestAt: Int64?
  /// How many seconds are kept of the gateway of which fewest are, where memory does not allow 15 minutes; nil where it does.
  package var shortSeconds: Int?
  /// Of how many seconds each number of the moment shown is: 1, or 10 of what is more than two minutes ago.
  package var stepSeconds = 1

  /// Of how many gateways something is known.
  package enum Known: Equatable, Sendable { case none, part, all }

  /// A check of a gateway's health that is degraded.
  package struct Degraded: Equatable, Sendable {
    package var gateway: ByteText
    package var check: ByteText

    package init(gateway: ByteText, check: ByteText) {
      self.gateway = gateway
      self.check = check
    }
  }

  /// The moment shown is one of which nothing is known, of no gateway.
  package var isNothingKept: Bool { isPaused && nodesTotal > 0 && nodesKept == 0 }

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
  /// Why it tells nothing; nil while it does, or that is not known.
  package var absence: Absence?
  /// It is connected, and its first numbers take longer than usual.
  package var isReading = false
  /// It has sent its numbers, on this connection or one before.
  package var hasTold = true
  /// How many functions its numbers are of, as far as that is known before they are here.
  package var functionsToRead: Int?

  package init(
    address: ByteText, node: ByteText? = nil, connection: Connection = .connecting, lastFrameAt: Int64? = nil,
    absence: Absence? = nil
  ) {
    self.address = address
    self.node = node
    self.connection = connection
    self.lastFrameAt = lastFrameAt
    self.absence = absence
  }

  /// It is connected, and heard.
  package var isLive: Bool { connection == .live && absence == nil && !isReading }
}
