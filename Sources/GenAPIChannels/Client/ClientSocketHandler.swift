import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Reads what a server sends.
final class ClientSocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let decoder: MessageDecoder
  private let maxBytes: Int
  private let receiving: ReceivingFlag
  private let onMessage: @Sendable (PhoenixMessage) -> Void
  private let onUnreadable: @Sendable (MessageError) -> Void
  private let onClose: PhoenixClient.CloseHandler
  private let describe: (any Error) -> String
  private var parts: ByteBuffer?
  private var code: UInt16?
  private var reason = ""
  private var isClosed = false

  init(
    version: SerializerVersion, isTOON: Bool, maxBytes: Int, receiving: ReceivingFlag,
    onMessage: @escaping @Sendable (PhoenixMessage) -> Void,
    onUnreadable: @escaping @Sendable (MessageError) -> Void, onClose: @escaping PhoenixClient.CloseHandler,
    describe: @escaping (any Error) -> String
  ) {
    decoder = MessageDecoder(version: version, isTOON: isTOON, maxBytes: maxBytes)
    self.maxBytes = maxBytes
    self.receiving = receiving
    self.onMessage = onMessage
    self.onUnreadable = onUnreadable
    self.onClose = onClose
    self.describe = describe
  }

  /// A socket may be reset in the moment it opens: then the channel's end went by before this handler was there, and
  /// what was read on the way follows now.
  func handlerAdded(context: ChannelHandlerContext) {
    guard !context.channel.isActive else { return }
    let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.execute {
      let (handler, context) = handler.value
      handler.channelInactive(context: context)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    receiving.isSet = true
    let frame = unwrapInboundIn(data)
    var bytes = frame.unmaskedData
    switch frame.opcode {
    case .text, .continuation:
      if var whole = parts {
        whole.writeBuffer(&bytes)
        bytes = whole
      }
      guard bytes.readableBytes <= maxBytes else {
        reason = "a message is larger than \(maxBytes) bytes"
        context.close(promise: nil)
        return
      }
      parts = frame.fin ? nil : bytes
      if frame.fin { take(bytes) }
    case .ping:
      context.writeAndFlush(
        wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: bytes)),
        promise: nil)
    case .connectionClose:
      code = bytes.readWebSocketErrorCode().map { UInt16(webSocketErrorCode: $0) }
      reason = String(buffer: bytes)
      // The same code back, which the server waits for.
      let answer = frame.unmaskedData.getSlice(
        at: frame.unmaskedData.readerIndex, length: code == nil ? 0 : 2)
      context.writeAndFlush(
        wrapOutboundOut(
          WebSocketFrame(
            fin: true, opcode: .connectionClose, maskKey: .random(), data: answer ?? ByteBuffer())),
        promise: nil)
      context.close(promise: nil)
    default: break
    }
  }

  private func take(_ bytes: ByteBuffer) {
    let message: PhoenixMessage
    do {
      message = try bytes.withUnsafeReadableBytes { bytes throws(MessageError) in
        try decoder.decode(text: bytes)
      }
    } catch {
      onUnreadable(error)
      return
    }
    onMessage(message)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    receiving.isSet = false
    context.flush()
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if reason.isEmpty { reason = describe(error) }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard !isClosed else { return }
    isClosed = true
    onClose(code, reason)
  }
}

/// Tells the status of an answer that is no socket.
final class RefusalHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private var report: ((Int) -> Void)?

  init(_ report: @escaping (Int) -> Void) { self.report = report }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else { return }
    tell(Int(head.status.code), context)
  }

  func channelInactive(context: ChannelHandlerContext) { tell(0, context) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { tell(0, context) }

  private func tell(_ status: Int, _ context: ChannelHandlerContext) {
    report?(status)
    report = nil
    context.close(promise: nil)
  }
}
