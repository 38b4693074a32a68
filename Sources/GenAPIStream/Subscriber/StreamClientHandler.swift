import GenAPITelemetry
import GenAPIValue
import Listening
import NIOCore

/// One connection of a subscriber: cuts what arrives into lines and carries out what its session decides. Lives on the
/// channel's event loop.
final class StreamClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: SubscriberSession
  private let mailbox: SubscriberMailbox
  private let tap: (Frame, ByteBuffer) -> Void
  /// Whether somebody wants the lines.
  private let isRecording: () -> Bool
  private var context: ChannelHandlerContext?
  private var timer: Scheduled<Void>?
  /// What arrived in this read, pushed together.
  private var arrived: [SubscriberEvent] = []
  /// What each of those that are no events takes.
  private var arrivedBytes: [Int] = []
  /// Of the line that is looked at.
  private var lineBytes = 0
  /// Of the lines before it, of a state that has begun to come.
  private var heldBytes = 0
  /// The gateway was to be asked for something else, and took nothing.
  private var isSubscriptionDue = false
  private var subscription: Subscription
  var wasServed: Bool { session.wasServed }
  private var isPaused = false
  /// Made once for all that arrives; forgotten with the connection.
  private var goOn: (@Sendable () -> Void)?
  private var lines = LineBuffer()

  init(
    subscription: Subscription, token: ByteText?, mailbox: SubscriberMailbox,
    tap: @escaping (Frame, ByteBuffer) -> Void, isRecording: @escaping () -> Bool
  ) {
    session = SubscriberSession(subscription: subscription, token: token)
    self.subscription = subscription
    self.mailbox = mailbox
    self.tap = tap
    self.isRecording = isRecording
  }

  func update(_ subscription: Subscription) {
    guard subscription != self.subscription else { return }
    self.subscription = subscription
    perform(session.update(subscription, at: now()))
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard isSubscriptionDue, context.channel.isWritable else { return }
    isSubscriptionDue = false
    perform(session.update(subscription, at: now()))
  }

  /// Asks for the same once more: the gateway sends a snapshot.
  func askAgain() {
    // What waits to be asked anyway brings one too.
    guard !isSubscriptionDue else { return }
    perform(session.update(subscription, at: now()))
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    session.opened(at: now())
    scheduleTick(context.eventLoop)
  }

  /// When something is due, with those of other connections on the whole second: a thread is woken once for many of them.
  private func scheduleTick(_ eventLoop: any EventLoop) {
    guard let due = session.nextTick else { return }
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    let seconds = (max(due, now() + 1) + 999) / 1_000
    timer = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(seconds) * 1_000_000_000)) {
      let handler = bound.value
      handler.tick()
      handler.scheduleTick(eventLoop)
    }
  }

  private func tick() {
    // What a paused connection does not read says nothing of the gateway.
    if isPaused { session.heard(at: now()) }
    perform(session.tick(at: now()))
    deliver()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lines.append(unwrapInboundIn(data))
    // One look at the clock for all that came together.
    let now = now()
    do throws(FrameError) {
      while let line = try lines.next() {
        if line.readableBytes > 0 { take(line, at: now) }
      }
      lines.discardRead()
    } catch {
      lines.clear()
      perform(session.received(.failure(error), at: now))
    }
  }

  private func take(_ line: ByteBuffer, at now: Int64) {
    lineBytes = line.readableBytes + heldBytes
    defer { lineBytes = 0 }
    // Nearly all that comes: an event, or a second in which nothing happened.
    if let frame = FrameDecoder.scanned(line), let event = session.receivedAlone(frame, at: now) {
      tap(frame, line)
      deliverSoon(event)
      return
    }
    let told = FrameDecoder.line(line)
    let read = told.flatMap { session.completed($0) }
    let frame = read.map(\.frame)
    if case .success(let whole) = read {
      let isWhole = (try? told.get().changedSeries.isEmpty) ?? true
      if isWhole { tap(whole.frame, line) } else { tapWhole(whole) }
    }
    let hasMore = (try? read.get().hasMore) ?? false
    let actions = session.received(frame, hasMore: hasMore, at: now)
    heldBytes = session.isHolding ? lineBytes : 0
    perform(actions + session.goesOnWithWholeBuckets(at: now))
  }

  private func deliverSoon(_ event: SubscriberEvent) {
    arrived.append(event)
    if !event.isEvent { arrivedBytes.append(256 + Self.growth * lineBytes) }
  }

  /// A line with changed buckets, as a client gets it that did not ask for them.
  private func tapWhole(_ line: FrameDecoder.Line) {
    guard isRecording(), case .state(let at, let sequence, let change) = line.frame else { return }
    for var whole in StateEncoder.change(at: at, sequence: sequence, change, hasMore: line.hasMore) {
      whole.moveWriterIndex(to: whole.writerIndex - 1)
      tap(line.frame, whole)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { deliver() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    perform(session.ended("the connection broke: \(ConnectionProblem.describe(error))"))
    deliver()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    perform(session.ended("the gateway closed the connection"))
    deliver()
    self.context = nil
    goOn = nil
  }

  private func perform(_ actions: [SubscriberSession.Action]) {
    for action in actions {
      switch action {
      case .send(let frame):
        // Of several that it does not take the last counts.
        if isTaking { send(frame) } else { isSubscriptionDue = true }
      case .ping: if isTaking { send(.ping(at: SystemTime().wallMicroseconds())) }
      case .pong: if isTaking { send(.pong(at: SystemTime().wallMicroseconds())) }
      case .deliver(let event): deliverSoon(event)
      case .close: context?.close(promise: nil)
      }
    }
  }

  /// What a state takes in memory for each byte of its line, at most about: the shortest entry of a function is a line
  /// of 125 bytes and takes 1 000, most of them its latencies.
  private static let growth = 8

  /// False while what was sent waits to be read by the gateway, 64 kB or more of it (NIO's mark): one that reads nothing
  /// gets no more answers, however many pings it sends.
  private var isTaking: Bool { context?.channel.isWritable ?? false }

  private func send(_ frame: Frame) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(FrameEncoder.line(frame)), promise: nil)
  }

  /// Hands on what arrived. A full mailbox pauses reading, so that the gateway drops, counts and reports instead.
  private func deliver() {
    guard !arrived.isEmpty, let context else { return }
    let items = arrived
    let sizes = arrivedBytes
    arrived = []
    arrivedBytes = []
    let goOn = goOn ?? goingOn(context)
    self.goOn = goOn
    if !mailbox.push(items, otherBytes: sizes, resume: goOn) { setPaused(true) }
  }

  /// What the mailbox calls when there is room again.
  private func goingOn(_ context: ChannelHandlerContext) -> @Sendable () -> Void {
    let loop = context.eventLoop
    let bound = NIOLoopBound(self, eventLoop: loop)
    return { loop.execute { bound.value.setPaused(false) } }
  }

  private func setPaused(_ paused: Bool) {
    isPaused = paused
    try? context?.channel.syncOptions?.setOption(.autoRead, value: !paused)
  }

  private func now() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
}
