import GenAPIValue
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers what is no request for a socket: health, metrics, commands, refusals, and what is not there.
///
/// One request a connection: it is answered as soon as its head is there, a command as soon as its body is, and what comes
/// behind it is thrown away. The client has so long to send its request, and as long again for each piece of the answer: what the
/// gateway takes to make it is not the client's, and one that reads a long answer slowly reads.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  static let name = "http"

  private let hub: ServerHub
  private let handshake: SocketAdmission
  private let gate: ConnectionGate
  private let peer: UnixPeer?
  /// A command that is being sent.
  private var command: (head: HTTPRequestHead, route: HTTPRoute, body: [UInt8])?
  private var isAnswering = false
  private var isWritten = false
  private var deadline: Scheduled<Void>?

  /// How long a client is waited for that has its answer and does not close. Closing at once would make the system throw
  /// away what the client has not read yet (RFC 9112, section 9.6).
  private static let lingering = TimeAmount.seconds(1)

  /// Bytes of an answer for which a client has as long as for its request.
  static let pieceBytes = 64 << 10

  /// Where commands are.
  private static let commandFolder: ByteText = "/control/"

  /// Bytes that a command may be sent: the configs of many functions.
  static let mostCommandBytes = 4 << 20

  /// - Parameter peer: who is at the other end of a Unix socket; nil over TCP.
  init(hub: ServerHub, handshake: SocketAdmission, gate: ConnectionGate, peer: UnixPeer?) {
    self.peer = peer
    self.hub = hub
    self.handshake = handshake
    self.gate = gate
  }

  func handlerAdded(context: ChannelHandlerContext) {
    bound(patience, context, counted: .handshake)
    let channel = context.channel
    hub.plain(
      ObjectIdentifier(self),
      ServerHub.PlainConnection(restsSinceNs: hub.gateway.clock.monotonicNanoseconds()) {
        channel.close(promise: nil)
      })
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    deadline?.cancel()
    hub.plain(ObjectIdentifier(self), nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAnswering else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): answer(head, context)
    case .body(let bytes):
      guard command != nil else { return }
      command?.body.append(contentsOf: bytes.readableBytesView)
      if let command, command.body.count > Self.mostCommandBytes {
        let most = Self.mostCommandBytes
        write(
          HTTPAnswer(status: 413, text: "a command may have \(most) bytes of JSON, and this has more"),
          command.head,
          context)
      }
    case .end:
      guard let command else { return }
      let question = HTTPQuestion(
        accept: command.head.headers["accept"].joined(separator: ","), body: command.body,
        userID: peer?.userID)
      run(command.route, question, command.head, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    // A refused upgrade comes as an error, and then as a request that is to be answered.
    case is NIOWebSocketUpgradeError, is HTTPServerUpgradeErrors: break
    // Behind the request that is being answered.
    case is HTTPParserError where isAnswering: break
    case is HTTPParserError where !handshake.isDeciding:
      write(HTTPAnswer(status: 400, text: "malformed HTTP request"), nil, context)
    default: context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Who asked for something and ends its sending side still gets it; nobody else has anything to wait for.
    if event as? ChannelEvent == .inputClosed, !isAnswering || isWritten {
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func bound(_ time: TimeAmount, _ context: ChannelHandlerContext, counted reason: RefusalReason?) {
    deadline?.cancel()
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [handshake] in
      if let reason { handshake.failed(reason) }
      context.close(promise: nil)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let target = RequestTarget(ByteText(head.uri))
    if let fault = peer?.refusal ?? handshake.refusal ?? HTTPRules.fault(head)
      ?? handshake.hostFault(head, target)
    {
      return write(fault, head, context)
    }
    if hub.isForSocket(target) {
      // A request for a socket that is in order was granted or refused before.
      return write(
        HTTPRules.upgradeFault(head)
          ?? HTTPAnswer(status: 400, text: "this request cannot be upgraded to a WebSocket"), head, context)
    }
    if let route = hub.commands[target.path] {
      guard head.method == .POST else { return write(HTTPRules.commandNeedsPost, head, context) }
      command = (head, route, [])
      return
    }
    if !hub.commands.isEmpty, target.path.hasPrefix(Self.commandFolder) {
      let names = hub.commands.keys.compactMap { $0.dropping(prefix: Self.commandFolder) }.sorted()
      return write(
        HTTPAnswer(status: 404, text: "there is no such command: \(names.joined(separator: ", "))"), head,
        context)
    }
    if let path = hub.longPollPath, target.pathWithoutSlash == path {
      handshake.asksForLongPolling()
      return write(LongPollRoute.answer(to: head.method), head, context)
    }
    guard [.GET, .HEAD, .OPTIONS].contains(head.method) else {
      return write(HTTPRules.methodNotAllowed, head, context)
    }
    // What HAProxy asks when it is told nothing else, and a question about the server itself: RFC 9110, section 9.3.7.
    let isAboutServer = head.method == .OPTIONS && (target.path == "/" || target.path == "*")
    guard let route = hub.routes[isAboutServer ? HealthRoutes.readyPath : target.path] else {
      let plain = target.pathWithoutSlash
      let isNear = plain != target.path && hub.routes[plain] != nil
      return write(
        HTTPAnswer(
          status: 404, text: isNear ? "not found; \(plain) is, without a slash at its end" : "not found"),
        head, context)
    }
    run(route, HTTPQuestion(accept: head.headers["accept"].joined(separator: ",")), head, context)
  }

  private func run(
    _ route: @escaping HTTPRoute, _ question: HTTPQuestion, _ head: HTTPRequestHead,
    _ context: ChannelHandlerContext
  ) {
    begin(context)
    let answer = context.eventLoop.makeFutureWithTask { await route(question) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    answer.whenSuccess { answer in
      let (handler, context) = bound.value
      var answer = answer
      if head.method == .OPTIONS { answer.headers.append(("allow", HTTPRules.allowedMethods)) }
      handler.write(answer, head, context)
    }
  }

  /// From here on the connection has its request.
  private func begin(_ context: ChannelHandlerContext) {
    guard !isAnswering else { return }
    isAnswering = true
    hub.plain(ObjectIdentifier(self), restsSinceNs: nil)
    gate.isShut = true
    try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    deadline?.cancel()
    deadline = nil
  }

  private var patience: TimeAmount { .milliseconds(hub.configuration.handshakeTimeout.wholeMilliseconds) }

  private func write(_ answer: HTTPAnswer, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
    begin(context)
    bound(patience, context, counted: .slowReader)
    hub.plain(ObjectIdentifier(self), restsSinceNs: hub.gateway.clock.monotonicNanoseconds())
    var headers: HTTPHeaders = ["connection": "close", "cache-control": "no-store"]
    // RFC 9110, section 8.6: one without content says no length.
    if answer.status != 204 {
      headers.add(name: "content-type", value: answer.contentType)
      headers.add(name: "content-length", value: String(answer.content.readableBytes))
    }
    for (name, value) in answer.headers { headers.add(name: name, value: value) }
    let response = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    var rest = head?.method == .HEAD ? ByteBuffer() : answer.content
    while let piece = rest.readSlice(length: min(Self.pieceBytes, rest.readableBytes)),
      piece.readableBytes > 0
    {
      let taken = context.eventLoop.makePromise(of: Void.self)
      taken.futureResult.whenSuccess {
        let (handler, context) = bound.value
        handler.bound(handler.patience, context, counted: .slowReader)
      }
      context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: taken)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    written.futureResult.whenComplete { _ in
      let (handler, context) = bound.value
      guard context.channel.isActive else { return }
      handler.isWritten = true
      handler.bound(Self.lingering, context, counted: nil)
      context.channel.close(mode: .output).whenFailure { _ in bound.value.1.close(promise: nil) }
    }
  }
}
