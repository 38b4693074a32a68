import NIOCore
import NetworkAddress

/// Takes the header of the PROXY protocol from the beginning of a connection, and leaves.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let handshake: SocketAdmission
  private let hub: ServerHub
  private var received = ByteBuffer()
  /// There is a header, or never will be: what comes while the handler leaves is passed on, or thrown away.
  private var isOver = false
  private var isRefused = false

  init(hub: ServerHub, handshake: SocketAdmission) {
    self.hub = hub
    self.handshake = handshake
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isRefused { return }
    if isOver { return context.fireChannelRead(data) }
    var buffer = unwrapInboundIn(data)
    received.writeBuffer(&buffer)
    switch ProxyHeader.read(received.readableBytesView) {
    case .needsMore: break
    case .malformed:
      isRefused = true
      hub.refused(.proxyHeader)
      // Most often a proxy whose own settings lack `send-proxy`, so it is told where others are not.
      hub.strangers.note(
        .warning, "a trusted proxy sent no PROXY header",
        from: context.channel.remoteAddress.flatMap { IPAddress($0) }?.description ?? "unix",
        metadata: ["reason": "proxy_header", "setting": "websocket.proxy_protocol"])
      context.close(promise: nil)
    case .header(let header):
      isOver = true
      handshake.cameThrough(header.source)
      if handshake.isFlood {
        context.close(promise: nil)
        return
      }
      received.moveReaderIndex(forwardBy: header.count)
      if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
      received = ByteBuffer()
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
  }
}
