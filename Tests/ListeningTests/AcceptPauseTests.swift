import InMemoryLogging
import Listening
import Logging
import NIOCore
import NIOEmbedded
import Testing

@Suite("A listener without descriptors")
struct AcceptPauseTests {
  private let refusals = AcceptRefusals()

  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    try channel.pipeline.syncOperations.addHandler(AcceptPause("test", logger: logger, refusals: refusals))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  /// What the socket was told last; this channel keeps it, and does not act by it.
  private func reads(_ channel: EmbeddedChannel) -> Bool {
    let told = channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }
    return told?.value as? Bool ?? true
  }

  @Test("it rests, and asks again after a while, longer each time")
  func rests() throws {
    let channel = try channel()
    for wait in [50, 100, 200, 400, 800, 1_000, 1_000] as [Int64] {
      channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
      #expect(reads(channel) == false)
      // More of the same while it rests is not another wait.
      channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(wait - 1))
      #expect(reads(channel) == false)
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
      #expect(reads(channel))
    }
    #expect(refusals.value == 14)
  }

  @Test("it is told once, and once more when it has gone well for 10 s, also where it comes and goes")
  func told() throws {
    let log = InMemoryLogHandler()
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(
      AcceptPause("test", logger: Logger(label: "test") { _ in log }, refusals: refusals))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    for _ in 0..<60 {
      channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(500))
      channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
    }
    #expect(
      log.entries.map { "\($0.message)" } == ["no connection can be accepted; tried again until one can"])
    // In words, and not as the system's calls are called.
    #expect(log.entries.first?.metadata["error"] == "there are no more file descriptors")
    channel.embeddedEventLoop.advanceTime(by: .seconds(10))
    #expect(log.entries.count == 2)
    #expect("\(log.entries.last!.message)" == "connections are accepted again")
    #expect("\(log.entries.last!.metadata["refusals"]!)" == "60")
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(log.entries.count == 2)
  }

  @Test("a want of descriptors is one line for all listeners, and one when it is over")
  func together() throws {
    let log = InMemoryLogHandler()
    let loop = EmbeddedEventLoop()
    let channels = try ["websocket", "health", "telemetry"].map { name in
      let channel = EmbeddedChannel(loop: loop)
      try channel.pipeline.syncOperations.addHandler(
        AcceptPause(name, logger: Logger(label: "test") { _ in log }, refusals: refusals))
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      return channel
    }
    for _ in 0..<5 {
      for channel in channels { channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept")) }
      loop.advanceTime(by: .seconds(2))
    }
    #expect(log.entries.count == 1 && log.entries[0].metadata["listener"] == "websocket")
    loop.advanceTime(by: .seconds(10))
    #expect(log.entries.count == 2)
    #expect(log.entries[1].metadata["listener"] == "websocket, health, telemetry")
    #expect("\(log.entries[1].metadata["refusals"]!)" == "15")
    channels[1].pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
    #expect(log.entries.count == 3 && log.entries[2].metadata["listener"] == "health")
  }

  @Test("an error that is none of the system's is left to others")
  func others() throws {
    struct Other: Error {}
    let channel = try channel()
    channel.pipeline.fireErrorCaught(Other())
    #expect(throws: Other.self) { try channel.throwIfErrorCaught() }
    #expect(reads(channel))
    #expect(refusals.value == 0)
  }
}
