import NIOCore

/// Gathers an answer.
final class EpmdHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var bytes = ByteBuffer()
  private var isWhole: (@Sendable (ByteBuffer) -> Bool)?
  private var answer: EventLoopPromise<ByteBuffer>?

  func expect(_ isWhole: @escaping @Sendable (ByteBuffer) -> Bool, _ answer: EventLoopPromise<ByteBuffer>) {
    self.isWhole = isWhole
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    guard bytes.readableBytes + part.readableBytes <= 1 << 20 else { return context.close(promise: nil) }
    bytes.writeBuffer(&part)
    if isWhole?(bytes) == true { finish() }
  }

  func channelInactive(context: ChannelHandlerContext) { finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    answer?.fail(error)
    answer = nil
    context.close(promise: nil)
  }

  private func finish() {
    answer?.succeed(bytes)
    answer = nil
  }
}
