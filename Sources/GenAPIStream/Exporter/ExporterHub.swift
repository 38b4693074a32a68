import Dispatch
import GenAPITelemetry
import GenAPIValue
import Listening
import Locking
import Logging
import NIOCore
import NIOPosix

/// Hands the bus's events and the gateway's state to all subscribers.
///
/// One queue on the bus serves every subscriber, so their number costs the emitter nothing; without subscribers
/// there is none, and an emit costs a load and a branch.
///
/// `@unchecked Sendable`: every stored `var` is touched on `loop` only, where all connections live too.
final class ExporterHub: @unchecked Sendable {
  let loop: any EventLoop
  /// The thread of the exporter's own loop, which lives as long as anything can be asked of it; nil when another loop
  /// was given.
  private let group: MultiThreadedEventLoopGroup?
  let configuration: StreamExporterConfiguration
  /// Behind a lock: other tokens are in force as soon as whoever exchanged them is told so.
  private let rulesInForce: Mutex<ExporterSession.Rules>
  let statistics = Mutex(StreamExporterStatistics())
  /// Events that some subscriber missed for a reason of its own, once for each, for who asks from another thread.
  let missedEvents = Atomic<Int64>(0)

  /// Says that events and numbers are those of two gateways.
  func tellForeignSource() {
    guard let other = source.eventBus, other !== bus else { return }
    logger.warning(
      "the exporter has the events of one gateway and the state of another: give it the bus of its source",
      metadata: ["bus": "\(bus.node)", "source": "\(other.node)"])
  }

  let bus: TelemetryBus
  let logger: Logger
  let source: any StateSource
  let states: StateMaker
  var connections: [Int: SubscriberHandler] = [:]
  var nextID = 1
  var subscription: TelemetrySubscription?
  /// What was drained last; the bus goes on in its memory.
  var batch = TelemetrySubscription.Batch()
  var encoder = EventEncoder()
  /// The next turn.
  var task: Scheduled<Void>?
  var pace: TurnPace
  var isMakingState = false
  var nextStateAt: Int64 = 0
  var isShutDown = false
  /// Of a shutdown that has not said bye yet.
  var ending: Ending?
  /// When the last connection has to be closed, on `now`'s clock; nil until the exporter shuts down.
  var endsAt: Int64?
  /// Those who wait for the last connection to end.
  var waiting: [EventLoopPromise<Void>] = []
  /// Those who were let in, by number: they showed the token, or none is needed.
  var admitted: Set<Int> = []
  var door: ExporterDoor
  /// Strangers that were told why they have to go, and may read it. As many as subscribers; more are closed at once.
  var lingering: Set<Int> = []
  let strangers: StrangerLog
  let subscriptionID: ByteText
  let stallMs: Int64
  /// What the clock that does not jump was behind that of the day by, in milliseconds.
  private let epoch = SystemTime().wallMicroseconds() / 1_000 - ExporterHub.uptime()

  struct Ending {
    let farewell: Farewell
    var hasAskedForStates = false
    /// Says bye without the last states when they take too long.
    var patience: Scheduled<Void>?
  }

  init(
    loop: (any EventLoop)?, configuration: StreamExporterConfiguration, bus: TelemetryBus,
    source: any StateSource, startedAt: Int64, logger: Logger
  ) {
    group = loop == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
    self.loop = loop ?? group!.next()
    self.configuration = configuration
    stallMs = configuration.stallTimeout.wholeMilliseconds
    pace = TurnPace(drainMs: configuration.drainInterval.wholeMilliseconds, queue: configuration.queue)
    self.bus = bus
    self.logger = logger
    strangers = StrangerLog(logger: logger, loop: self.loop)
    subscriptionID = "stream exporter \(startedAt) \(UInt32.random(in: 0...UInt32.max))"
    self.source = source
    states = StateMaker(bus: bus, source: source)
    rulesInForce = Mutex(
      ExporterSession.Rules(
        hello: Hello(
          node: ByteText(bus.node), software: ByteText(configuration.software), startedAt: startedAt,
          auth: configuration.token == nil ? .none : .token,
          intervalMs: Int(configuration.interval.wholeMilliseconds),
          categories: EventCategory.allCases.map { ByteText($0.rawValue) }),
        token: configuration.token, otherTokens: configuration.otherTokens,
        guessMs: configuration.wrongTokenDelay.wholeMilliseconds))
    door = ExporterDoor(
      rules: ExporterDoor.Rules(
        most: configuration.maximumWaiting, mostOfAddress: configuration.maximumWaitingOfAddress,
        guessMs: configuration.wrongTokenDelay.wholeMilliseconds))
  }

  deinit { group?.shutdownGracefully { _ in } }

  /// Milliseconds on a clock that does not jump, and that told those since the Unix epoch when the exporter began.
  func now() -> Int64 { Self.uptime() + epoch }

  static func uptime() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

  func wallMicroseconds() -> Int64 { SystemTime().wallMicroseconds() }

  func makeHandler() -> SubscriberHandler {
    loop.preconditionInEventLoop()
    defer { nextID += 1 }
    return SubscriberHandler(id: nextID, hub: self)
  }

  /// What a connection that begins, or says its token, is held to.
  var rules: ExporterSession.Rules { rulesInForce.withLock { $0 } }

  /// Who says a token from now on needs one of these; those who were let in stay. May be called from any thread.
  func replaceTokens(_ token: ByteText, _ others: [ByteText]) {
    rulesInForce.withLock { rules in
      rules.token = token
      rules.otherTokens = others
    }
  }

  /// What happened so far, those still connected included.
  func currentStatistics() -> StreamExporterStatistics {
    loop.preconditionInEventLoop()
    var result = statistics.withLock { $0 }
    for handler in connections.values {
      result.eventsSent += handler.window.sent
      result.eventsDropped += handler.window.dropped
    }
    return result
  }
}
