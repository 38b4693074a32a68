import NIOCore

/// Counts what a listener accepts: how its last moment is known.
final class AcceptCount: ChannelInboundHandler {
  typealias InboundIn = any Channel

  /// Lives on the listener's event loop.
  private var accepted: UInt64 = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    accepted &+= 1
    context.fireChannelRead(data)
  }

  /// Accepts once more, and closes a listener that rests if nobody came: in the turn in which the system said so.
  ///
  /// - Returns: false when somebody was accepted.
  static func closeIfNobodyWaits(_ listener: any Channel) -> EventLoopFuture<Bool> {
    listener.eventLoop.flatSubmit {
      guard let count = try? listener.pipeline.syncOperations.handler(type: AcceptCount.self) else {
        return listener.close().map { true }
      }
      let before = count.accepted
      listener.read()
      // Not the next task: the loop has to ask the system in between, which it does before it looks at its timers.
      return listener.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
        guard count.accepted == before else { return false }
        listener.close(promise: nil)
        return true
      }.futureResult
    }
  }
}
