import NIOCore

/// The bytes of a connection on their way to the HTTP decoder. Once its one request is there, what follows is thrown away
/// unread: neither parsed nor kept. Leaves the pipeline when the connection becomes a socket.
final class ConnectionGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  static let name = "gate"

  /// Lives on the channel's event loop, as all handlers do.
  var isShut = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isShut { context.fireChannelRead(data) }
  }
}
