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

  private let bus: TelemetryBus
  let logger: Logger
  private let source: any StateSource
  private let states: StateMaker
  private var connections: [Int: SubscriberHandler] = [:]
  private var nextID = 1
  private var subscription: TelemetrySubscription?
  /// What was drained last; the bus goes on in its memory.
  private var batch = TelemetrySubscription.Batch()
  private var encoder = EventEncoder()
  /// The next turn.
  private var task: Scheduled<Void>?
  /// When a connection or an event came last, on `now`'s clock.
  private var busyAt: Int64 = 0
  private var lastTickAt: Int64 = 0
  private var isMakingState = false
  private var nextStateAt: Int64 = 0
  private var isShutDown = false
  /// Of a shutdown that has not said bye yet.
  private var ending: Ending?
  /// When the last connection has to be closed, on `now`'s clock; nil until the exporter shuts down.
  private var endsAt: Int64?
  /// Those who wait for the last connection to end.
  private var waiting: [EventLoopPromise<Void>] = []
  /// Those who were let in, by number: they showed the token, or none is needed.
  private var admitted: Set<Int> = []
  private var door: ExporterDoor
  /// Strangers that were told why they have to go, and may read it. As many as subscribers; more are closed at once.
  private var lingering: Set<Int> = []
  private let strangers: StrangerLog
  private let subscriptionID: ByteText
  let stallMs: Int64

  /// How often sessions are told the time, and how soon the gateway may be asked for its state again.
  private static let tickMs: Int64 = 50
  /// After how long without an event, and without anybody new, turns come with the ticks only: waking up is nearly all that a
  /// quiet gateway's stream costs.
  private static let restsAfterMs: Int64 = 1_000

  private struct Ending {
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

  /// Milliseconds on a clock that does not jump.
  func now() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

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

  // MARK: Connections

  /// - Returns: why the connection cannot stay; nil when it can.
  func opened(_ handler: SubscriberHandler) -> FrameError? {
    loop.preconditionInEventLoop()
    if configuration.token == nil || isShutDown {
      if let refusal = admit(handler) { return refusal }
    } else {
      switch door.arrived(handler.id, from: handler.address, at: now()) {
      case .comeIn: break
      case .insteadOf(let other):
        statistics.withLock { $0.gaveWay += 1 }
        if let leaving = connections[other] { noteRefused(leaving, "gave way to another without a token") }
        connections[other]?.giveWay()
      case .tooManyGuesses(let milliseconds):
        statistics.withLock { $0.refusedGuessers += 1 }
        noteRefused(handler, "too many wrong tokens")
        return FrameError(
          .tooManyStrangers,
          "too many wrong tokens came from this address; try again in \(milliseconds) ms")
      }
    }
    connections[handler.id] = handler
    statistics.withLock { $0.accepted += 1 }
    busyAt = now()
    if task == nil { scheduleTurn(at: busyAt) }
    return nil
  }

  /// Another comes when few descriptors are left: of those that have said nothing the oldest are closed, so that fewer than these stay.
  ///
  /// - Parameter most: nil for any number.
  func closeSilent(beyond most: Int?) {
    loop.preconditionInEventLoop()
    guard let most else { return }
    let silent = connections.values.filter(\.isSilent).sorted { $0.id < $1.id }
    for handler in silent.prefix(max(0, silent.count - most + 1)) {
      noteRefused(handler, "gave way, as few descriptors are left")
      statistics.withLock { $0.gaveWay += 1 }
      handler.closeAtOnce()
    }
  }

  /// A connection has shown the token, or needs none.
  ///
  /// - Returns: why it cannot stay; nil when it can.
  func admit(_ handler: SubscriberHandler) -> FrameError? {
    if admitted.contains(handler.id) { return nil }
    guard !isShutDown, admitted.count < configuration.maximumSubscribers else {
      statistics.withLock { $0.refused += 1 }
      noteRefused(handler, isShutDown ? "shutdown" : "max_subscribers")
      return FrameError(
        .tooManySubscribers,
        "this gateway serves \(configuration.maximumSubscribers) subscribers at one time; try again later")
    }
    door.left(handler.id)
    admitted.insert(handler.id)
    let count = admitted.count
    statistics.withLock { $0.subscribers = count }
    logger.debug(
      "a stream subscriber connected", metadata: ["peer": "\(handler.peer)", "id": "\(handler.id)"])
    return nil
  }

  private func noteRefused(_ handler: SubscriberHandler, _ reason: String) {
    strangers.note(
      .info, "a stream connection was refused", kind: reason, from: handler.host,
      metadata: ["reason": "\(reason)"])
  }

  /// A connection is about to end, or has to.
  ///
  /// - Returns: whether it may stay until it has read why.
  func leaves(_ handler: SubscriberHandler) -> Bool {
    if admitted.contains(handler.id) { return true }
    door.left(handler.id)
    return linger(handler)
  }

  func isStranger(_ handler: SubscriberHandler) -> Bool { !admitted.contains(handler.id) }

  private func linger(_ handler: SubscriberHandler) -> Bool {
    if lingering.contains(handler.id) { return true }
    guard lingering.count < configuration.maximumSubscribers else { return false }
    lingering.insert(handler.id)
    return true
  }

  /// A stranger sent a wrong token: counted, and told to the log.
  ///
  /// - Returns: whether it may stay until it is answered.
  func guessed(_ handler: SubscriberHandler) -> Bool {
    door.guessed(handler.id, from: handler.address, at: now())
    statistics.withLock { $0.wrongTokens += 1 }
    strangers.note(
      .warning, "the telemetry stream was sent a wrong token", from: handler.host,
      metadata: ["peer": "\(handler.peer)"])
    return linger(handler)
  }

  func closed(_ handler: SubscriberHandler, reason: ByteText) {
    connections[handler.id] = nil
    lingering.remove(handler.id)
    door.left(handler.id)
    admitted.remove(handler.id)
    let count = admitted.count
    statistics.withLock {
      $0.subscribers = count
      $0.closed[reason, default: 0] += 1
      $0.eventsSent += handler.window.sent
      $0.eventsDropped += handler.window.dropped
    }
    logger.debug(
      "a stream subscriber left",
      metadata: [
        "peer": "\(handler.peer)", "id": "\(handler.id)", "reason": "\(reason)",
        "sent": "\(handler.window.sent)", "dropped": "\(handler.window.dropped)",
      ])
    if connections.isEmpty {
      task?.cancel()
      task = nil
      for promise in waiting { promise.succeed() }
      waiting = []
    }
    subscriptionsChanged()
  }

  /// Attaches to the bus when the first subscriber wants events, and leaves it with the last.
  func subscriptionsChanged() {
    let wanted = connections.values.contains { $0.wantsEvents }
    if !wanted {
      subscription?.cancel()
      subscription = nil
    } else if subscription == nil {
      do {
        subscription = try bus.subscribe(
          subscriptionID.string, to: .allAndExtensions, queue: configuration.queue)
      } catch {
        // The bus has no place; state frames still flow, and the next subscriber tries again.
        logger.error("the stream exporter cannot attach to the bus", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Says bye to everybody, behind the events that wait and a last state of what changed since the one before.
  ///
  /// - Returns: succeeds when all connections have ended, within `closeTimeout`.
  func shutdown(_ farewell: Farewell) -> EventLoopFuture<Void> {
    loop.preconditionInEventLoop()
    isShutDown = true
    strangers.endWindow()
    drain()
    if connections.isEmpty { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    waiting.append(promise)
    guard endsAt == nil else { return promise.futureResult }
    endsAt = now() + closeMs
    for handler in Array(connections.values) where isStranger(handler) { handler.shutdown(farewell) }
    ending = Ending(farewell: farewell)
    // A gateway that hangs must not keep the bye from anybody.
    ending?.patience = loop.scheduleTask(in: .milliseconds(max(1, closeMs / 2))) {
      self.sayBye()
    }
    goOnEnding()
    return promise.futureResult
  }

  /// How long a connection that ends may take, in milliseconds.
  var closingMs: Int64 {
    endsAt.map { min(closeMs, max(1, $0 - now())) } ?? closeMs
  }

  private var closeMs: Int64 { configuration.closeTimeout.wholeMilliseconds }

  /// Asks for the last states, once none is being made, then says bye.
  private func goOnEnding() {
    guard let ending, !isMakingState else { return }
    guard !ending.hasAskedForStates else { return sayBye() }
    self.ending?.hasAskedForStates = true
    let told = source.timesTold
    let requests = connections.values.compactMap { $0.takeStateRequest(at: .max, told: told) }
    if requests.isEmpty { sayBye() } else { make(requests) }
  }

  private func sayBye() {
    guard let ending else { return }
    ending.patience?.cancel()
    self.ending = nil
    drain()
    for handler in Array(connections.values) { handler.shutdown(ending.farewell) }
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

  // MARK: Turns

  private func turn() {
    task = nil
    drain()
    let now = now()
    defer { if task == nil, !connections.isEmpty { scheduleTurn(at: now) } }
    if now - lastTickAt >= Self.tickMs {
      lastTickAt = now
      for handler in Array(connections.values) { handler.tick(at: now) }
    }
    makeStates(at: now)
  }

  private func scheduleTurn(at now: Int64) {
    let drainMs = configuration.drainInterval.wholeMilliseconds
    // A smaller queue than usual may be full before then.
    let rests = now - busyAt >= Self.restsAfterMs && configuration.queue >= 65_536
    let wait = TimeAmount.milliseconds(rests ? max(drainMs, Self.tickMs) : drainMs)
    task = loop.scheduleTask(in: wait) { [weak self] in self?.turn() }
  }

  /// Hands out what waits on the bus. Each event is encoded once at most, whoever gets it.
  private func drain() {
    guard let subscription else { return }
    subscription.drain(into: &batch)
    guard !batch.events.isEmpty || batch.dropped != nil else { return }
    busyAt = now()
    var receivers = connections.values.compactMap(EventReceiver.init)
    let events = batch.events
    // By a span each event is looked at where it lies, not copied out.
    let span = events.span
    for index in span.indices { hand(span[index], to: &receivers) }
    for receiver in receivers {
      if let dropped = batch.dropped { receiver.handler.report(dropped) }
      receiver.handler.flushBatch()
    }
  }

  private func hand(_ event: EmittedEvent, to receivers: inout [EventReceiver]) {
    let sequence = event.sequence
    // Nothing until somebody wants it; false when it is too large.
    var isEncoded: Bool?
    for index in receivers.indices where receivers[index].filter.matches(event, node: ByteText(bus.node)) {
      if isEncoded == nil {
        isEncoded = encoder.encode(event)
        if isEncoded == false { statistics.withLock { $0.eventsTooLarge += 1 } }
      }
      if isEncoded == true {
        encoder.withLine {
          receivers[index].handler.offer($0, sequence: sequence, buffered: &receivers[index].buffered)
        }
      } else {
        receivers[index].handler.drop(sequence: sequence)
      }
    }
  }

  // MARK: State

  private func makeStates(at now: Int64) {
    guard !isMakingState, !isShutDown, now >= nextStateAt else { return }
    let told = source.timesTold
    let requests = connections.values.compactMap { $0.takeStateRequest(at: now, told: told) }
    guard !requests.isEmpty else { return }
    nextStateAt = now + Self.tickMs
    make(requests)
  }

  private func make(_ requests: [StateRequest]) {
    isMakingState = true
    let subscribers = connections.values.lazy.filter { !self.isStranger($0) }.map { handler in
      SubscriberState(
        id: handler.id, peer: ByteText(handler.peer), sent: handler.window.sent,
        dropped: handler.window.dropped,
        bufferedBytes: handler.bufferedBytes)
    }
    let dropped = currentStatistics().eventsDropped
    states.make(
      requests, subscribers: subscribers.sorted { $0.id < $1.id }, dropped: dropped,
      oldest: connections.values.lazy.compactMap { $0.feed?.knownState }.min()
    ) { [self] answers in
      loop.execute { self.deliver(answers) }
    }
  }

  private func deliver(_ answers: [StateAnswer]) {
    isMakingState = false
    // Events older than the state go out before it.
    drain()
    for answer in answers { connections[answer.id]?.deliver(answer) }
    goOnEnding()
  }
}
