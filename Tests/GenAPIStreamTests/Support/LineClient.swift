import GenAPIStream
import Locking
import NIOCore
import NIOPosix

/// A client that speaks in lines: what `nc` would be, with frames read for the test.
final class LineClient: Sendable {
  struct Ended: Error {}
  struct TookTooLong: Error, CustomStringConvertible {
    let description: String
  }

  private let channel: any Channel
  private let lines: AsyncStream<ByteBuffer>
  private let reader: Reader

  private init(_ channel: any Channel, _ lines: AsyncStream<ByteBuffer>) {
    self.channel = channel
    self.lines = lines
    reader = Reader(lines)
  }

  /// - Parameter reads: false for a client that takes nothing.
  static func connect(to address: SocketAddress, reads: Bool = true) async throws -> LineClient {
    let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(continuation))
        }
      }
      .connect(to: address).get()
    return LineClient(channel, stream)
  }

  func send(_ text: String) async throws { try await send(Array((text + "\n").utf8)) }

  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  func startReading() { channel.setOption(.autoRead, value: true).whenSuccess { self.channel.read() } }

  func endInput() async throws { try await channel.close(mode: .output) }

  func close() async { try? await channel.close() }

  /// The next frame.
  ///
  /// - Throws: `Ended` when the server closed.
  func next() async throws -> Frame {
    try await withDeadline("a frame") { try await self.reader.next() }
  }

  /// The next frame that `pick` makes something of; frames it does not are skipped.
  func next<T: Sendable>(_ what: String, _ pick: @escaping @Sendable (Frame) -> T?) async throws -> T {
    try await withDeadline(what) {
      while true {
        if let found = pick(try await self.reader.next()) { return found }
      }
    }
  }

  /// Reads until the server closes.
  func waitForEnd() async throws {
    try await withDeadline("the end") {
      do {
        while true { _ = try await self.reader.next() }
      } catch is Ended {}
    }
  }

  private actor Reader {
    private var iterator: AsyncStream<ByteBuffer>.AsyncIterator

    init(_ lines: AsyncStream<ByteBuffer>) { iterator = lines.makeAsyncIterator() }

    func next() async throws -> Frame {
      var mine = iterator
      let line = await mine.next(isolation: self)
      iterator = mine
      guard let line else { throw Ended() }
      return try FrameDecoder.decode(line).get()
    }
  }

  /// Cuts lines in the plainest way there is, to check the server's against it.
  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var buffer = ByteBuffer()
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var data = unwrapInboundIn(data)
      buffer.writeBuffer(&data)
      while let end = buffer.readableBytesView.firstIndex(of: 0x0A) {
        continuation.yield(buffer.readSlice(length: end - buffer.readerIndex)!)
        buffer.moveReaderIndex(forwardBy: 1)
      }
      buffer.discardReadBytes()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
  }
}

/// Fails a test that waits in vain, after a time no healthy run comes near.
func withDeadline<T: Sendable>(
  _ what: String, seconds: Int = 30, _ body: @escaping @Sendable () async throws -> T
) async throws -> T {
  try await withThrowingTaskGroup(of: T.self) { group in
    group.addTask(operation: body)
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      throw LineClient.TookTooLong(description: "\(what) did not come within \(seconds) s")
    }
    defer { group.cancelAll() }
    return try await group.next()!
  }
}
