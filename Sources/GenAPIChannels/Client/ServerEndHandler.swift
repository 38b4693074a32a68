import NIOCore

/// Closes a client's socket once all that the server sent before its end is handed on.
///
/// A server may answer, send and end at once. Then the end arrives while the handlers of HTTP make way for those of the
/// WebSocket, which takes one turn of the event loop, and what they hold back would be lost with the channel.
final class ServerEndHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event as? ChannelEvent == .inputClosed else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    let channel = context.channel
    context.eventLoop.execute { channel.close(promise: nil) }
  }
}
