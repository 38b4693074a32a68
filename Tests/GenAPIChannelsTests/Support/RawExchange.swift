import Locking
import NIOCore
import NIOPosix

/// A connection that says bytes and keeps what it is answered, until the server ends it.
final class RawExchange: Sendable {
  private let channel: any Channel
  private let received: EventLoopFuture<String>

  private init(_ channel: any Channel, _ received: EventLoopFuture<String>) {
    self.channel = channel
    self.received = received
  }

  static func open(port: Int) async throws -> RawExchange {
    let done = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
    let connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(done))
        }
      }
      .connect(host: "127.0.0.1", port: port)
    connecting.cascadeFailure(to: done)
    return RawExchange(try await connecting.get(), done.futureResult)
  }

  func say(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

  func say(bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

  func setReading(_ reads: Bool) async throws { try await channel.setOption(.autoRead, value: reads).get() }

  /// Takes some of what is there.
  func readOnce() { channel.read() }

  func endSending() { channel.close(mode: .output, promise: nil) }

  func close() { channel.close(promise: nil) }

  /// Everything that came until the server said that nothing more will.
  func all() async throws -> String { try await received.get() }

  /// What came so far.
  func soFar() async throws -> String {
    try await channel.eventLoop.submit { [channel] in
      try channel.pipeline.syncOperations.handler(type: Collector.self).text
    }.get()
  }

  /// Whether the server said that nothing more will come.
  func isOver() async throws -> Bool {
    try await channel.eventLoop.submit { [channel] in
      try channel.pipeline.syncOperations.handler(type: Collector.self).isOver
    }.get()
  }

  /// What a server answers to this text, all of it.
  static func answer(to text: String, port: Int) async throws -> String {
    let exchange = try await open(port: port)
    exchange.say(text)
    defer { exchange.close() }
    return try await exchange.all()
  }

  /// The status in an answer's first line; 0 for no answer.
  static func status(of text: String, port: Int) async throws -> Int {
    let answer = try await answer(to: text, port: port)
    return answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var text = ""
    private(set) var isOver = false
    private let done: EventLoopPromise<String>

    init(_ done: EventLoopPromise<String>) { self.done = done }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event as? ChannelEvent == .inputClosed { end() }
    }

    func channelInactive(context: ChannelHandlerContext) { end() }

    private func end() {
      isOver = true
      done.succeed(text)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
