import GenAPITelemetry
import GenAPIValue
import Listening
import NIOCore

/// One connection of the exporter: carries out what its session and window decide. Lives on the hub's event loop.
final class SubscriberHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let id: Int
  private(set) var peer = "unknown"
  private(set) var address = ClientAddress(nil)
  /// The address for the log, without the port.
  private(set) var host = "unix"
  private(set) var window: SendWindow
  /// What the client asked for; nil until it subscribed.
  private(set) var feed: SubscriberFeed?

  private let hub: ExporterHub
  private var session: ExporterSession
  private var context: ChannelHandlerContext?
  /// Event lines on their way to the channel; written in pieces so that memory is freed as they are taken.
  private var batch = ByteBuffer()
  private var writtenSinceTick = 0
  private var lines = LineBuffer()
  private var budget: InboundBudget
  /// What came before the token did, line ends and empty lines too: one line of the longest kind, and no more.
  private var strangerBytes = 0
  /// A wrong token came: it waits for its answer, and nothing more is read.
  private var isGuesser = false
  /// Set once when the connection is about to end; nothing is read or written any more.
  private var closeReason: ByteText?

  private let cameAtMs: Int64
  /// It sent a byte at least.
  private var hasSpoken = false
  /// Who came before that and said nothing says nothing now.
  private static let quietMs: Int64 = 1_000

  private static let batchBytes = 32 * 1_024

  init(id: Int, hub: ExporterHub) {
    self.id = id
    self.hub = hub
    cameAtMs = hub.now()
    session = ExporterSession(rules: hub.rules)
    window = SendWindow(limitBytes: hub.configuration.subscriberBufferBytes, at: hub.now())
    budget = InboundBudget(at: hub.now())
  }

  // MARK: From the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    peer = context.channel.remoteAddress.flatMap { $0.port == nil ? nil : $0.addressText } ?? "unix"
    address = ClientAddress(context.channel.remoteAddress)
    host = context.channel.remoteAddress?.ipAddress ?? "unix"
  }

  func channelActive(context: ChannelHandlerContext) {
    if let refusal = hub.opened(self) {
      perform(session.refuse(refusal))
    } else {
      perform(session.opened(at: hub.now()))
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard takesInput else { return }
    hasSpoken = true
    let bytes = unwrapInboundIn(data)
    let now = hub.now()
    // The tokens may have been exchanged since it came.
    session.replaceTokens(by: hub.rules)
    if hub.isStranger(self) {
      strangerBytes += bytes.readableBytes
      guard strangerBytes <= StreamProtocol.maximumLineBytes else {
        return refuse(FrameError(.unauthorized, "a megabyte came, and no token"))
      }
    }
    guard budget.take(bytes: bytes.readableBytes, at: now) else { return refuse(Self.tooMuch) }
    lines.append(bytes)
    do throws(FrameError) {
      while takesInput, let line = try lines.next() {
        guard budget.takeLine() else { return refuse(Self.tooMuch) }
        if line.readableBytes > 0 { perform(session.received(FrameDecoder.clientFrame(line), at: now)) }
      }
      lines.discardRead()
      if lines.hasPart { session.speaks() }
    } catch {
      lines.clear()
      perform(session.received(.failure(error), at: now))
    }
  }

  private var takesInput: Bool { closeReason == nil && !isGuesser }

  private static let tooMuch = FrameError(
    .tooMuch,
    "more came than clients have to say: at most \(InboundBudget.mostLines) lines at once and "
      + "\(InboundBudget.linesPerSecond) a second, empty ones too")

  private func refuse(_ error: FrameError) {
    lines.clear()
    perform(session.refuse(error))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { end("closed") }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else { return }
    if closeReason != nil {
      context.close(promise: nil)
    } else {
      perform(session.inputEnded(at: hub.now()))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if closeReason == nil { closeReason = "closed" }
    hub.closed(self, reason: closeReason!)
    self.context = nil
  }

  // MARK: From the hub

  var wantsEvents: Bool { closeReason == nil && feed?.subscription.events == true }

  /// Bytes written and not yet taken by the system.
  var bufferedBytes: Int {
    guard let options = context?.channel.syncOptions else { return 0 }
    return ((try? options.getOption(.bufferedWritableBytes)) ?? 0) + batch.readableBytes
  }

  func hasRoom() -> Bool { window.hasRoom(buffered: bufferedBytes) }

  func tick(at now: Int64) {
    guard closeReason == nil else { return }
    let buffered = bufferedBytes
    let stalled = window.stalledFor(buffered: buffered, written: writtenSinceTick, at: now)
    writtenSinceTick = 0
    if stalled >= hub.stallMs {
      // An error frame would only wait behind everything else.
      end(StreamErrorCode.stalled.rawValue)
      return
    }
    if feed?.isAwaitingState == false, window.unreported != nil, window.hasRoom(buffered: buffered) {
      reportDropped()
      flushBatch()
    }
    perform(session.tick(at: now))
  }

  /// Says bye, or an error, behind what was dropped and not told yet.
  func shutdown(_ farewell: Farewell) {
    if closeReason == nil { reportDropped() }
    flushBatch()
    switch farewell {
    case .bye(let reason): perform(session.shutdown(reason: reason))
    case .gone(let reason): perform(session.refuse(FrameError(.gone, reason)))
    }
  }

  /// A newer connection takes this one's place at the door.
  func giveWay() {
    perform(
      session.refuse(
        FrameError(
          .tooManyStrangers, "too many connections wait without a token; send it as soon as the hello comes"))
    )
  }

  /// It has subscribed to nothing, and shown no token where one is needed.
  var isSilent: Bool { closeReason == nil && feed == nil }

  /// Its descriptor is needed: it reads no reason.
  func closeAtOnce() { end("closed") }

  /// An event that passed the filter. `line` ends with a newline.
  func offer(_ line: UnsafeRawBufferPointer, sequence: Int64, buffered: inout Int) {
    guard feed?.isPastSnapshot(sequence) == true else { return }
    if feed?.isHolding == true {
      if feed?.hold(ByteBuffer(bytes: line), sequence: sequence, limit: window.limitBytes) == false {
        drop(sequence: sequence)
      }
      return
    }
    guard admits(sequence, bytes: line.count, buffered: buffered) else { return }
    reportDropped()
    batch.writeBytes(line)
    buffered += line.count
    flushFullBatch()
  }

  private func append(_ line: ByteBuffer, _ buffered: inout Int) {
    batch.writeImmutableBuffer(line)
    buffered += line.readableBytes
    flushFullBatch()
  }

  private func flushFullBatch() {
    if batch.readableBytes >= Self.batchBytes { flushBatch() }
  }

  /// Events nobody got.
  func report(_ dropped: DroppedEvents) { window.report(dropped) }

  /// An event this subscriber would have got, had it fitted into a line.
  func drop(sequence: Int64) {
    window.drop(DroppedEvents(count: 1, fromSequence: sequence, toSequence: sequence))
    hub.missedEvents.add(1, ordering: .relaxed)
  }

  private func admits(_ sequence: Int64, bytes: Int, buffered: Int) -> Bool {
    let isAdmitted = window.admit(sequence: sequence, bytes: bytes, buffered: buffered)
    if !isAdmitted { hub.missedEvents.add(1, ordering: .relaxed) }
    return isAdmitted
  }

  func flushBatch() {
    guard batch.readableBytes > 0 else { return }
    let bytes = batch
    batch = ByteBuffer()
    write(bytes)
  }

  /// What is needed to make the next state frame; nil when none is due.
  ///
  /// - Parameters:
  ///   - now: `.max` for the last frame of the connection, which does not wait for its time.
  ///   - told: as of `SubscriberFeed.takeRequest`.
  func takeStateRequest(at now: Int64, told: Int64?) -> StateRequest? {
    guard closeReason == nil, feed != nil, hasRoom() else { return nil }
    return feed?.takeRequest(id: id, at: now, told: told)
  }

  func deliver(_ answer: StateAnswer) {
    guard closeReason == nil, feed?.expects(answer) == true else { return }
    guard hasRoom() else {
      feed?.skip(answer)
      return
    }
    for line in answer.lines { write(line) }
    let held = feed?.took(answer) ?? []
    var buffered = bufferedBytes
    // What was dropped meanwhile is newer than what was held, and reported after it.
    for (sequence, line) in held where feed?.isPastSnapshot(sequence) == true {
      if admits(sequence, bytes: line.readableBytes, buffered: buffered) {
        append(line, &buffered)
      }
    }
    flushBatch()
  }

  // MARK: To the channel

  private func perform(_ actions: [ExporterSession.Action]) {
    for action in actions {
      switch action {
      case .send(let frame): send(frame)
      case .ping: send(.ping(at: hub.wallMicroseconds()))
      // A client that takes nothing gets no answers either, so its questions cannot fill the buffer.
      case .pong: if hasRoom() { send(.pong(at: hub.wallMicroseconds())) }
      case .guessed:
        guard hub.guessed(self) else { return end(StreamErrorCode.unauthorized.rawValue) }
        // Nothing more is read from it; it is closed when its answer went out.
        isGuesser = true
        lines.clear()
        try? context?.channel.syncOptions?.setOption(.autoRead, value: false)
      case .subscribe(let subscription):
        if let refusal = hub.admit(self) { return perform(session.refuse(refusal)) }
        feed = SubscriberFeed(subscription, after: feed, at: hub.now())
        hub.subscriptionsChanged()
      case .close(let reason): finish(reason)
      }
    }
  }

  private func send(_ frame: Frame) {
    flushBatch()
    write(FrameEncoder.line(frame))
  }

  private func reportDropped() {
    guard let dropped = window.takeUnreported() else { return }
    batch.writeImmutableBuffer(FrameEncoder.line(.dropped(at: hub.wallMicroseconds(), dropped)))
  }

  private func write(_ bytes: ByteBuffer) {
    guard let context, closeReason == nil else { return }
    writtenSinceTick += bytes.readableBytes
    session.wrote(at: hub.now())
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  /// Ends the sending side after the last frame, and the connection when the client ends its own or the time
  /// for it is over. Closing at once would make the system throw away what the client has not read yet, if it says something
  /// then; one that never did is not waited for.
  private func finish(_ reason: ByteText) {
    guard let context, closeReason == nil else { return }
    closeReason = reason
    let channel = context.channel
    guard hub.leaves(self) else { return channel.close(promise: nil) }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    let isQuiet = !hasSpoken && hub.now() - cameAtMs >= Self.quietMs
    written.futureResult.whenComplete { _ in
      if isQuiet { return channel.close(promise: nil) }
      channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
    }
    context.eventLoop.scheduleTask(in: .milliseconds(hub.closingMs)) {
      channel.close(promise: nil)
    }
  }

  private func end(_ reason: ByteText) {
    if closeReason == nil { closeReason = reason }
    _ = hub.leaves(self)
    context?.close(promise: nil)
  }
}
