import NIOCore
import NIOHTTP1

/// Takes the blanks around the values of a server's answer away, and leaves.
final class ResponseHead: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  /// What comes behind the head may be bytes already.
  private var isPassed = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isPassed, case .head(var head) = unwrapInboundIn(data) else {
      return context.fireChannelRead(data)
    }
    isPassed = true
    head.headers = head.headers.withoutBlanks
    context.fireChannelRead(wrapInboundOut(.head(head)))
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}
