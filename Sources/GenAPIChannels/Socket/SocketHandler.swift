import GenAPIGateway
import GenAPIValue
import NIOCore
import NIOWebSocket

/// One client's socket: carries out what its session decides. Lives on its channel's event loop.
final class SocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  let hub: ServerHub
  let identity: ClientIdentity
  let socketID: ConnectionID
  private let decoder: MessageDecoder
  private let encoder: MessageEncoder
  private let outbox: Outbox
  private let writer: SocketWriter
  /// What is joined, and the channel of each topic.
  private var session: PhoenixSession<JoinedChannel>
  private var assembler: FrameAssembler
  private var bucket: TokenBucket
  /// Requests that run, by a number of their own.
  private var running: [UInt64: RunningRequest] = [:]
  private var lastRequest: UInt64 = 0
  /// Calls that wait for one of those that run. Everything else a client says is done at once, so that heartbeats, leaves
  /// and the stopping of streams never wait for its own calls.
  private var waiting = WaitingCalls()
  /// What its requests left running.
  private let work: SocketWork
  private var isReading = true
  /// Between the first message of a read and its end.
  private var isReceiving = false
  private var lastReadNs: Int64 = 0
  /// When the token ends that let the client in, on the clock that does not jump; nil when that changes nothing.
  private var expiresNs: Int64?
  /// What the client had taken when that was last seen to have changed.
  private var lastTaken: (bytes: Int, atNs: Int64) = (0, 0)
  private let turns: LoopTurns
  /// Messages of one read whose answers go out together.
  private var messagesAFlush = aloneAFlush
  /// A client that has the loop to itself may go on with the first answers while the others are made.
  private static let aloneAFlush = 8
  /// A loop with other sockets has work enough; writing more often only costs.
  private static let sharedAFlush = 64
  /// The request whose reply went out last without waiting in the outbox.
  private var lastReply: UInt64 = 0
  /// Not yet counted in the hub.
  private var messagesIn: Int64 = 0
  private var context: ChannelHandlerContext?
  /// The socket's one timer at a time; it ends with the socket.
  private var timer: Scheduled<Void>?
  /// Bytes of a request's payload, whichever frame brings it.
  private let maxPayloadBytes: Int
  /// The server shuts down and it is this socket's turn: no request begins any more.
  private var isLeaving = false
  /// Set once when the socket is about to end; nothing is taken any more.
  private var closeReason: CloseReason?
  /// What the close frame said; 1006 stands for none, as RFC 6455 has it.
  private var closeCode: UInt16 = 1_006

  init(hub: ServerHub, grant: SocketAdmission.Grant, channel: any Channel) {
    self.hub = hub
    identity = grant.identity
    socketID = hub.gateway.newConnectionID()
    work = SocketWork(hub: hub)
    decoder = MessageDecoder(
      version: grant.version, isTOON: grant.isTOON, maxBytes: hub.configuration.maxMessageBytes)
    encoder = MessageEncoder(version: grant.version, toon: grant.isTOON ? hub.configuration.toonVersion : nil)
    outbox = Outbox(
      limitBytes: hub.configuration.outgoingBytes, mostOversized: hub.configuration.maxInFlight)
    writer = SocketWriter(
      limitBytes: hub.configuration.outgoingBytes, mostOversized: hub.configuration.maxInFlight)
    session = PhoenixSession(configuration: hub.configuration.channels)
    assembler = FrameAssembler(maxBytes: hub.configuration.maxMessageBytes)
    maxPayloadBytes = hub.gateway.configuration.maxPayloadBytes
    turns = hub.turns(on: channel.eventLoop)
    lastReadNs = hub.gateway.clock.monotonicNanoseconds()
    lastTaken.atNs = lastReadNs
    if hub.configuration.endsWithToken, let expiresAt = identity.expiresAt {
      let rest = expiresAt.saturatingMultiply(1_000_000).saturatingSubtract(
        hub.gateway.clock.wallMicroseconds())
      expiresNs = lastReadNs.saturatingAdd(rest.saturatingMultiply(1_000))
    }
    bucket = TokenBucket(perSecond: hub.configuration.messagesPerSecond, now: lastReadNs)
  }

  // MARK: From the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    writer.open(on: context.pipeline) { [self] in placeIsFree() }
    work.open(Reference(self, loop: context.eventLoop))
    hub.gateway.connectionOpened(
      socketID, transport: encoder.toon == nil ? "websocket" : "websocket_toon", identity: identity)
    let mayStay = hub.opened(Reference(self, loop: context.eventLoop))
    if mayStay {
      checkIdleTimer()
    } else {
      end(code: 1_001, "the server shuts down", reason: .shutdown, awaitsAnswer: true)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard closeReason == nil else {
      if unwrapInboundIn(data).opcode == .connectionClose { context.close(promise: nil) }
      return
    }
    if isReceiving, messagesIn >= messagesAFlush {
      writeOutbox()
      outbox.hold()
    } else if !isReceiving {
      isReceiving = true
      lastReadNs = hub.gateway.clock.monotonicNanoseconds()
      guard !tokenHasExpired(nowNs: lastReadNs) else { return endExpired() }
      let isShared = turns.begin(socketID.number, nowNs: lastReadNs)
      messagesAFlush = isShared ? Self.sharedAFlush : Self.aloneAFlush
      writer.measure()
      outbox.hold()
    }
    guard bucket.take(now: lastReadNs) else {
      return end(
        code: 1_008, "more than \(hub.configuration.messagesPerSecond) messages a second", reason: .tooFast)
    }
    do throws(FrameAssembler.Fault) {
      switch try assembler.take(unwrapInboundIn(data)) {
      case .nothing: break
      case .text(let content):
        received(content) { (bytes) throws(MessageError) in
          try decoder.decode(text: bytes, maxPayloadBytes: maxPayloadBytes)
        }
      case .binary(let content):
        received(content) { (bytes) throws(MessageError) in try decoder.decode(binary: Array(bytes)) }
      case .ping(let data):
        // A client that takes nothing gets no answers either, so its pings cannot fill the buffer.
        guard writer.hasRoomForPong else { return }
        writer.handOn(beforeBytes: data.readableBytes)
        context.writeAndFlush(
          wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: data)), promise: nil)
      case .close(let code): clientClosed(code)
      }
    } catch {
      end(code: error.code, error.text, reason: error.reason)
    }
  }

  /// The answers to the messages of one read go out together.
  func channelReadComplete(context: ChannelHandlerContext) {
    if isReceiving {
      isReceiving = false
      writeOutbox()
    } else {
      // A part of a frame: a client that sends slowly is not silent.
      lastReadNs = hub.gateway.clock.monotonicNanoseconds()
    }
    context.fireChannelReadComplete()
  }

  /// Streams go on, or wait, as the client takes what it is sent.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    outbox.room.set(full: !context.channel.isWritable)
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error as? NIOWebSocketError {
    case .invalidFrameLength:
      end(
        code: 1_009, "a message is larger than \(hub.configuration.maxMessageBytes) bytes",
        reason: .tooLarge)
    case .some: end(code: 1_002, "the frame is malformed", reason: .protocol)
    case nil:
      if closeReason == nil { closeReason = .lost }
      context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // A client that ends its side without a close frame is gone.
    if let event = event as? ChannelEvent, event == .inputClosed {
      if closeReason == nil { closeReason = .lost }
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if closeReason == nil { closeReason = .lost }
    leaveGateway()
    countMessages()
    hub.closed(ObjectIdentifier(self), reason: closeReason!, code: closeCode)
    self.context = nil
    writer.close()
    timer?.cancel()
    timer = nil
  }

  private func received(
    _ content: MessageContent, _ decode: (UnsafeRawBufferPointer) throws(MessageError) -> PhoenixMessage
  ) {
    let message = content.withBytes { bytes in
      Result { () throws(MessageError) in try decode(bytes) }
    }
    switch message {
    case .success(let message):
      messagesIn += 1
      guard let joined = session.channel(calledBy: message) else { return perform(session.receive(message)) }
      if waiting.isEmpty && mayBeginCall {
        request(message, on: joined)
      } else {
        waiting.append(message, on: joined.topic, bytes: content.count)
        startWaiting()
      }
      performed()
    case .failure(let error):
      if let message = error.message { return refuse(message, ByteText(error.description)) }
      let reason: CloseReason =
        switch error.closeCode {
        case 1_007: .notUTF8
        case 1_009: .tooLarge
        default: .notUnderstood
        }
      end(code: error.closeCode, ByteText(error.description), reason: reason)
    }
  }

  /// A message that is not taken; the socket and its other channels go on.
  private func refuse(_ message: PhoenixMessage, _ reason: ByteText) {
    messagesIn += 1
    guard let joined = session.channel(calledBy: message), case .json(let payload) = message.payload else {
      return perform(session.refuse(message, because: reason))
    }
    lastRequest += 1
    joined.reply(
      to: message, hub.gateway.refuse(payload, because: reason, on: joined), request: lastRequest)
    performed()
  }

  /// Ends a socket that says nothing for too long, or whose token has expired: looks when it could be time.
  private func checkIdleTimer() {
    guard let context, closeReason == nil else { return }
    let now = hub.gateway.clock.monotonicNanoseconds()
    guard !tokenHasExpired(nowNs: now) else { return endExpired() }
    // The wall clock may be set meanwhile.
    let valid = expiresNs.map { min($0.saturatingSubtract(now) / 1_000_000, Self.expiryLookMs) } ?? .max
    let silent = (now - lastReadNs) / 1_000_000
    let rest = hub.idleMs - silent
    // A socket that is not read because its requests still run is not silent.
    guard rest > 0 || !isReading else {
      return end(code: 1_001, "nothing was heard for \(hub.idleMs) ms", reason: .idle)
    }
    guard takesWhatItIsSent() else { return endSlowReader() }
    // It was just seen how much waits; calls that wait for that are not forgotten whatever happened.
    placeIsFree()
    timer = context.eventLoop.assumeIsolated().scheduleTask(
      in: .milliseconds(max(min(rest > 0 ? rest : hub.idleMs / 4, valid), 10))
    ) { [self] in
      checkIdleTimer()
    }
  }

  /// How often at least a socket that ends with its token looks at the wall clock, when nothing comes on it.
  private static let expiryLookMs: Int64 = 30_000

  /// By either clock: the wall clock alone goes on while the machine sleeps or is moved, and the other alone goes on when that one
  /// is set back.
  private func tokenHasExpired(nowNs: Int64) -> Bool {
    guard let expiresNs, let expiresAt = identity.expiresAt else { return false }
    return nowNs >= expiresNs
      || hub.gateway.clock.wallMicroseconds() >= expiresAt.saturatingMultiply(1_000_000)
  }

  private func endExpired() {
    end(code: 1_008, "the token has expired", reason: .tokenExpired, awaitsAnswer: true)
  }

  /// False when the client took nothing for as long as it may be silent, while something waited. Streams wait for it, and
  /// must not wait for ever.
  private func takesWhatItIsSent() -> Bool {
    let now = hub.gateway.clock.monotonicNanoseconds()
    writer.measure()
    if writer.isEmpty || writer.takenBytes != lastTaken.bytes { lastTaken = (writer.takenBytes, now) }
    return (now - lastTaken.atNs) / 1_000_000 < hub.idleMs
  }

  // MARK: From the session

  private func perform(_ actions: [PhoenixSession<JoinedChannel>.Action]) {
    for action in actions {
      switch action {
      case .send(let message): write(encoder.encode(message))
      case .opened(let topic): open(topic)
      case .closed(_, let joined): if let joined { close(joined) }
      case .request(let topic, let push): request(push, on: topic)
      case .stopStream(let topic, let push): stopStream(push, on: topic)
      case .dropped(let topic, let push): hub.noteDropped(push, joined: topic, identity)
      }
    }
    performed()
  }

  private func performed() {
    if !isReceiving {
      writer.flush()
      countMessages()
    }
    regulateReading()
  }

  private func open(_ topic: JoinedTopic) {
    guard let context else { return }
    let id = hub.gateway.channelOpened(topic.topic, on: socketID, observer: work)
    let joined = JoinedChannel(
      id, topic, event: hub.configuration.channels.event, encoder: encoder, outbox: outbox,
      socket: Reference(self, loop: context.eventLoop))
    session.attach(joined, to: topic)
  }

  /// What runs for a channel ends with it.
  private func close(_ joined: JoinedChannel) {
    let topic = joined.topic
    joined.close()
    for (_, request) in running where request.channel.topic.topic == topic.topic { request.task.cancel() }
    for message in waiting.removeAll(of: topic) {
      write(
        encoder.encode(
          .reply(
            to: message, joinRef: message.joinRef, status: .error, response: ["reason": "unmatched topic"])))
    }
    hub.gateway.channelClosed(topic.topic, joined.connectionID, on: socketID)
  }

  private func request(_ push: PhoenixMessage, on topic: JoinedTopic) {
    if let joined = session.channel(on: topic.topic) { request(push, on: joined) }
  }

  private func request(_ push: PhoenixMessage, on joined: JoinedChannel) {
    let requiresUser = hub.configuration.channels.requiresVerifiedUserID
    if requiresUser && identity.userID?.isEmpty != false {
      return refuse(push, joined, "Authentication required", canRetry: false)
    }
    guard !isLeaving, !hub.isRefusing else { return refuseDraining(push, joined) }
    lastRequest += 1
    let number = lastRequest
    let handling =
      switch push.payload {
      case .json(let payload): hub.gateway.handleWithoutSuspending(payload, from: identity, on: joined)
      case .binary(let bytes): hub.gateway.handleWithoutSuspending(bytes, from: identity, on: joined)
      }
    switch handling {
    // Over before this thread does anything else, so nobody has to wait for it.
    case .ended(let receipt): joined.reply(to: push, receipt, request: number)
    case .mayWait(let pending):
      guard hub.requestBegins() else { return refuseDraining(push, joined) }
      // Begins on this thread, too: what does not wait after all is answered without another thread. The gateway calls functions
      // that hold their thread elsewhere.
      let claim = AnswerClaim()
      let task = startTask { [hub] in
        if let receipt = await hub.gateway.complete(pending, on: joined, claim: claim) {
          joined.reply(to: push, receipt, request: number)
        }
        hub.requestEnded()
      }
      guard lastReply != number, !outbox.hasReply(to: number) else { return }
      running[number] = RunningRequest(
        channel: joined, ref: push.ref, pending: pending, claim: claim, task: task)
    }
  }

  /// Refuses a request because the gateway, or the socket, ends; the gateway counts it.
  private func refuseDraining(_ push: PhoenixMessage, _ joined: JoinedChannel) {
    let payload: Value
    switch push.payload {
    case .json(let value): payload = value
    // The message was no larger than a request may be.
    case .binary(let bytes): payload = (try? Value(json: bytes)) ?? .null
    }
    let response = hub.gateway.refuseDraining(payload, from: identity)
    refuse(push, joined, response, response.error ?? "Service temporarily unavailable")
  }

  /// An answer without asking the gateway: the response first, then the receipt.
  private func refuse(_ push: PhoenixMessage, _ joined: JoinedChannel, _ text: ByteText, canRetry: Bool) {
    var requestID: Value?
    if case .json(let payload) = push.payload { requestID = payload["request_id"] }
    refuse(push, joined, Response.error(to: requestID, text, canRetry: canRetry), text)
  }

  private func refuse(_ push: PhoenixMessage, _ joined: JoinedChannel, _ response: Response, _ text: ByteText)
  {
    self.push(response, on: joined.topic)
    write(
      encoder.encode(
        .reply(to: push, joinRef: joined.topic.joinRef, status: .error, response: .string(text))))
  }

  private func stopStream(_ push: PhoenixMessage, on topic: JoinedTopic) {
    guard let joined = session.channel(on: topic.topic) else { return }
    var requestID: ByteText?
    if case .json(let payload) = push.payload { requestID = Request.identifier(payload["request_id"])?.text }
    if let count = requestID?.byteCount, count > TextLimit.name {
      let reason: ByteText = "request_id has \(count) bytes, allowed are \(TextLimit.name)"
      return write(
        encoder.encode(
          .reply(
            to: push, joinRef: topic.joinRef, status: .error, response: ["reason": .string(reason)])))
    }
    var isStopped = requestID.map { hub.gateway.stopStream(requestID: $0, on: joined.connectionID) } ?? false
    if !isStopped, let requestID, let message = waiting.first(on: topic, requestID: requestID),
      case .json(let payload) = message.payload,
      let receipt = hub.gateway.stopStream(before: payload, on: joined)
    {
      waiting.removeFirst(on: topic, requestID: requestID)
      lastRequest += 1
      joined.reply(to: message, receipt, request: lastRequest)
      isStopped = true
    }
    let reply = PhoenixMessage.reply(
      to: push, joinRef: topic.joinRef, status: isStopped ? .ok : .error,
      response: isStopped ? [:] : ["reason": requestID == nil ? "request_id is missing" : "no such stream"])
    write(encoder.encode(reply))
  }

  // MARK: To the channel

  /// Writes what other threads left.
  func writeOutbox() {
    defer { countMessages() }
    guard writeWhatWaits() else { return }
    if outbox.isOverfull {
      return endSlowReader()
    }
    writer.flush()
    if outbox.room.isFull, let context { outbox.room.set(full: !context.channel.isWritable) }
    startWaiting()
    regulateReading()
    endWhenLeft()
  }

  /// The same, and nothing that may come of it: no call begins, and the socket does not end for having no more to say.
  ///
  /// - Returns: false for a socket that has ended.
  @discardableResult
  private func writeWhatWaits() -> Bool {
    let items = outbox.takeAll()
    guard closeReason == nil else { return false }
    writer.measure()
    for item in items {
      switch item {
      case .frame(let frame, let channel): if channel.isOpen { write(frame) }
      case .reply(let frame, let number):
        running[number] = nil
        write(frame)
      }
    }
    return true
  }

  /// Whether another request may begin: those whose answer is made count, and the asynchronous calls and streams that
  /// they left.
  ///
  /// None begins while half of `outgoingBytes` waits: a client that reads gets all that it asked for, however much.
  private var mayBeginCall: Bool {
    running.count + work.count < hub.configuration.maxInFlight
      && writer.mayAskForMore(besides: outbox.pendingBytes)
  }

  /// An asynchronous call or a stream ended, or an answer was taken, and a call waited.
  func placeIsFree() {
    guard closeReason == nil else { return }
    startWaiting()
    performed()
    endWhenLeft()
  }

  /// Begins the calls that waited for a place. Where streams hold every place none may ever be free, so nothing waits.
  private func startWaiting() {
    guard !waiting.isEmpty else { return }
    work.setWaiting(true)
    while closeReason == nil, mayBeginCall, let call = waiting.popFirst() {
      request(call.message, on: call.channel)
    }
    if work.streams >= hub.configuration.maxInFlight {
      while closeReason == nil, let call = waiting.popFirst() { refuseForStreams(call) }
    }
    work.setWaiting(!waiting.isEmpty || isLeaving)
  }

  private func refuseForStreams(_ call: WaitingCalls.Call) {
    guard let joined = session.channel(on: call.channel.topic) else { return }
    hub.gateway.callWasRefused()
    let most = hub.configuration.maxInFlight
    refuse(
      call.message, joined, "\(most) streams run on this connection, as many as may: stop one, and retry",
      canRetry: true)
  }

  /// Writes a message that is made on this thread while its socket is read, as the answers of most requests are.
  ///
  /// - Returns: false when it has to wait in the outbox: for older ones there, for the end of another turn, or to
  ///   find the socket overfull there. Ending it here could happen under the locks of who makes the message.
  func write(making message: (inout JSONWriter) -> Void) -> Bool {
    guard isReceiving, closeReason == nil, writer.hasRoom, outbox.isEmpty else { return false }
    writer.write(making: message)
    return true
  }

  /// The same for a message that is made already.
  func write(made frame: MessageEncoder.Frame) -> Bool {
    guard isReceiving, closeReason == nil, writer.hasRoom, outbox.isEmpty else { return false }
    writer.write(frame)
    return true
  }

  /// The reply to this request went out.
  func replied(to request: UInt64) {
    lastReply = request
    if !running.isEmpty { running[request] = nil }
  }

  private func write(_ frame: MessageEncoder.Frame) {
    guard closeReason == nil else { return }
    guard writer.hasRoom else {
      return endSlowReader()
    }
    writer.write(frame)
  }

  private func countMessages() {
    hub.count(messagesIn: messagesIn, messagesOut: writer.takeCount())
    messagesIn = 0
  }

  /// A socket with too much that waits is not read: what its client sends stays in the client's own buffers.
  private func regulateReading() {
    guard let context, closeReason == nil else { return }
    let wanted = waiting.hasRoom(bytes: hub.configuration.maxMessageBytes)
    guard wanted != isReading else { return }
    isReading = wanted
    try? context.channel.syncOptions?.setOption(.autoRead, value: wanted)
    if wanted {
      lastReadNs = hub.gateway.clock.monotonicNanoseconds()
      context.read()
    }
  }

  // MARK: Ending

  private func endSlowReader() {
    hub.noteSlowReader(identity, waitingBytes: writer.waitingBytes)
    end(code: 1_008, "this client reads too slowly", reason: .slowReader)
  }

  /// The server shuts down and it is this socket's turn: it ends when what its requests left is answered.
  func leave() {
    guard closeReason == nil else { return }
    isLeaving = true
    // To be told of the end of asynchronous calls and streams, too.
    work.setWaiting(true)
    while closeReason == nil, let call = waiting.popFirst() { request(call.message, on: call.channel) }
    performed()
    endWhenLeft()
  }

  private func endWhenLeft() {
    guard isLeaving, running.isEmpty, work.count == 0, outbox.isEmpty else { return }
    end(code: 1_001, "the server shuts down", reason: .shutdown, awaitsAnswer: true)
  }

  /// The server shuts down, and what still runs has had its time: its clients are told, and the socket ends.
  func cutOff() {
    guard closeReason == nil else { return }
    isLeaving = true
    work.setWaiting(true)
    writeOutbox()
    tellCutOff(.shutdown)
    performed()
    endWhenLeft()
  }

  /// Gives up what runs. Each request gets a last answer, which says that nobody knows whether it was done: a client that
  /// heard nothing would take it for one that was never begun, and send it again. Those that wait were not begun.
  private func tellCutOff(_ reason: CutOff) {
    let channels = session.channels
    for channel in channels { channel.isCutOff(reason) }
    var told: [ConnectionID: Set<ByteText>] = [:]
    for (number, request) in running.sorted(by: { $0.key < $1.key }) where request.claim.take() {
      running[number] = nil
      request.task.cancel()
      let response = hub.gateway.cutOff(request.pending, reason)
      told[request.channel.connectionID, default: []].insert(response.requestID)
      push(response, on: request.channel.topic)
      write(
        encoder.encode(
          PhoenixMessage(
            joinRef: request.channel.topic.joinRef, ref: request.ref, topic: request.channel.topic.topic,
            event: PhoenixEvent.reply,
            payload: .json(["status": .string("error"), "response": .string(reason.text)]))))
    }
    let answers = hub.gateway.cutOffWork(on: channels.map(\.connectionID), reason, besides: told)
    // What streams sent until just now comes before their last answers.
    writeWhatWaits()
    for (id, response) in answers {
      guard let channel = channels.first(where: { $0.connectionID == id }) else { continue }
      push(response, on: channel.topic)
    }
    while let call = waiting.popFirst() {
      if let joined = session.channel(on: call.channel.topic) { refuseDraining(call.message, joined) }
    }
  }

  private func push(_ response: Response, on topic: JoinedTopic) {
    if let message = session.outgoing(response.value, on: topic) { write(encoder.encode(message)) }
  }

  private func clientClosed(_ code: UInt16?) { end(code: code, "", reason: .closed) }

  /// Says why, and ends. What the client sends meanwhile is thrown away; closing at once would make the system
  /// throw away what it has not read yet.
  ///
  /// - Parameters:
  ///   - code: nil sends none, as the answer to a close without one.
  ///   - awaitsAnswer: for a client that did nothing wrong. The connection stays until it has answered with a close frame
  ///     of its own (RFC 6455, 7.1.1), for a second at most: a proxy between that sees the server's end at once may
  ///     throw away what it has not sent on, if the client just sent something.
  func end(code: UInt16?, _ text: ByteText, reason: CloseReason, awaitsAnswer: Bool = false) {
    guard let context, closeReason == nil else { return }
    if let cutOff = reason.cutOff {
      tellCutOff(cutOff)
      // There may have been no room for it.
      guard closeReason == nil else { return }
    }
    writer.handOn()
    closeReason = reason
    closeCode = code ?? 1_005
    leaveGateway()
    var data = ByteBuffer()
    if let code {
      data.writeInteger(code)
      // A control frame holds at most 125 bytes.
      data.writeString(text.prefix(bytes: 123).string)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)), promise: written)
    let channel = context.channel
    try? channel.syncOptions?.setOption(.autoRead, value: true)
    if !awaitsAnswer {
      written.futureResult.whenComplete { _ in
        channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
      }
    }
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(
      in: .milliseconds(hub.configuration.closeAnswer.wholeMilliseconds)
    ) { channel.close(promise: nil) }
  }

  /// The client's work, streams and memberships end.
  private func leaveGateway() {
    outbox.close()
    waiting = WaitingCalls()
    // All at once, before anything that runs is cancelled: nothing takes its place.
    hub.gateway.connectionClosed(socketID, reason: (closeReason ?? .lost).text)
    for action in session.disconnect() {
      if case .closed(_, let joined?) = action { close(joined) }
    }
    for request in running.values { request.task.cancel() }
    running = [:]
  }
}
