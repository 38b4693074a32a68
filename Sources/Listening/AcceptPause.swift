import Logging
import NIOCore
import Synchronization

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
  /// Told once, until it has gone well for a while: at the edge connections are accepted and not in turns.
  private var isTold = false
  private var lastRefused = NIODeadline.uptimeNanoseconds(0)
  private var untold: Int64 = 0

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
    untold += 1
    lastRefused = context.eventLoop.now
    if !isTold {
      isTold = true
      logger.error(
        "no connection can be accepted; tried again until one can",
        metadata: ["listener": "\(name)", "error": "\(error)"])
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
      let rest = lastRefused + Self.calm - loop.now
      guard rest.nanoseconds <= 0 else { return watch(loop, after: rest) }
      logger.notice(
        "connections are accepted again",
        metadata: ["listener": "\(name)", "refusals": .stringConvertible(untold)])
      isTold = false
      untold = 0
    }
  }
}

/// How often a connection could not be accepted, over all listeners of the process: the descriptors are the process's.
public final class AcceptRefusals: Sendable {
  public static let shared = AcceptRefusals()

  private let total = Atomic<Int64>(0)
  /// On NIO's clock, in nanoseconds; 0 for never.
  private let latestNs = Atomic<UInt64>(0)

  public init() {}

  public var value: Int64 { total.load(ordering: .relaxed) }

  func count() {
    total.add(1, ordering: .relaxed)
    turnedAway()
  }

  /// Notes a client that got nothing although its connection could be accepted, as hardly any descriptors are left.
  public func turnedAway() { latestNs.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed) }

  /// Whether somebody was refused in the last so many seconds.
  public func isRecent(seconds: UInt64 = 30) -> Bool {
    let latest = latestNs.load(ordering: .relaxed)
    guard latest > 0 else { return false }
    let now = NIODeadline.now().uptimeNanoseconds
    return now < latest || now - latest < seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
  }
}
