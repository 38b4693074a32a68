import Logging
import NIOCore

/// Lets a listening socket rest while the system has no descriptor (or memory) for another connection.
///
/// Who waits to be accepted stays in the system's own queue meanwhile. Without it the socket stays readable and its event
/// loop asks again at once, for ever: a whole processor spent on nothing, and everybody else on the loop waits.
///
/// Goes into the pipeline of the listening channel, one a listener.
public final class AcceptPause: ChannelInboundHandler {
  public typealias InboundIn = any Channel

  private let name: String
  private let logger: Logger
  private let refusals: AcceptRefusals
  private var isPaused = false
  private var wait = AcceptPause.shortest

  /// Doubled each time, so that a short want is over soon and a long one costs nothing.
  private static let shortest = TimeAmount.milliseconds(50)
  private static let longest = TimeAmount.seconds(1)
  /// Without a refusal for so long it is over.
  private static let calm = TimeAmount.seconds(10)

  /// - Parameters:
  ///   - name: of the listener, for the log.
  ///   - refusals: where it counts.
  public init(_ name: String, logger: Logger, refusals: AcceptRefusals = .shared) {
    self.name = name
    self.logger = logger
    self.refusals = refusals
  }

  public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wait = Self.shortest
    context.fireChannelRead(data)
  }

  public func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is IOError else { return context.fireErrorCaught(error) }
    refusals.count()
    // Told once for all listeners, until it has gone well for a while: at the edge connections are accepted and not in turns.
    if refusals.wants(name, at: context.eventLoop.now) {
      logger.error(
        "no connection can be accepted; tried again until one can",
        metadata: ["listener": "\(name)", "error": "\(ListenProblem.describe(error))"])
      watch(context.eventLoop, after: Self.calm)
    }
    guard !isPaused else { return }
    isPaused = true
    // Takes the socket out of what the loop is woken by.
    try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
      isPaused = false
      guard context.channel.isActive else { return }
      try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }
    wait = min(wait * 2, Self.longest)
  }

  private func watch(_ loop: any EventLoop, after wait: TimeAmount) {
    loop.assumeIsolated().scheduleTask(in: wait) { [self] in
      switch refusals.calm(for: Self.calm, at: loop.now) {
      case .rest(let rest): watch(loop, after: rest)
      case .over(let names, let count):
        logger.notice(
          "connections are accepted again",
          metadata: [
            "listener": "\(names.joined(separator: ", "))", "refusals": .stringConvertible(count),
          ])
      }
    }
  }
}
