import GenAPIValue
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers what is no request for a socket: the health path, refusals, and what is not there. Each answer ends
/// the connection.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  static let name = "http"

  private let hub: ServerHub
  private let handshake: Handshake
  private var head: HTTPRequestHead?
  private var bodyBytes = 0

  init(hub: ServerHub, handshake: Handshake) {
    self.hub = hub
    self.handshake = handshake
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let bytes):
      bodyBytes += bytes.readableBytes
      if bodyBytes > 65_536 { context.close(promise: nil) }
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A refused upgrade comes as an error, and then as a request that is to be answered.
    if !(error is NIOWebSocketUpgradeError) { context.close(promise: nil) }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    handshake.isOver = true
    if let refusal = handshake.refusal { return write(refusal, head, context) }
    let target = RequestTarget(ByteText(head.uri))
    guard head.method == .GET || head.method == .HEAD else {
      return write(HTTPAnswer(status: 405, text: "only GET is answered here"), head, context)
    }
    if target.path == hub.configuration.path || target.path == hub.configuration.toonPath {
      return write(HTTPAnswer(status: 426, text: "this path is for WebSockets"), head, context)
    }
    guard let route = hub.routes[target.path] else {
      return write(HTTPAnswer(status: 404, text: "there is nothing here"), head, context)
    }
    let question = HTTPQuestion(accept: head.headers["accept"].joined(separator: ","))
    let answer = context.eventLoop.makeFutureWithTask { await route(question) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    answer.whenSuccess { answer in
      let (handler, context) = bound.value
      handler.write(answer, head, context)
    }
  }

  private func write(_ answer: HTTPAnswer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var headers: HTTPHeaders = [
      "content-type": answer.contentType, "content-length": String(answer.body.count), "connection": "close",
      "cache-control": "no-store",
    ]
    if answer.status == 405 { headers.add(name: "allow", value: "GET, HEAD") }
    if answer.status == 426 { headers.add(name: "upgrade", value: "websocket") }
    let response = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    }
    let channel = context.channel
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    written.futureResult.whenComplete { _ in channel.close(promise: nil) }
  }
}
