import GenAPIValue
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A client of a gateway's channels: one socket, both serializer versions.
///
/// It speaks the protocol and keeps nothing: who uses it joins, matches replies and connects again.
public final class ChannelClient: Sendable {
  /// How a socket ended: the server's close code, nil when there was none.
  public typealias CloseHandler = @Sendable (_ code: UInt16?, _ reason: String) -> Void

  private let channel: any Channel
  private let encoder: ClientEncoder
  private let receiving: ReceivingFlag

  private init(channel: any Channel, encoder: ClientEncoder, receiving: ReceivingFlag) {
    self.channel = channel
    self.encoder = encoder
    self.receiving = receiving
  }

  /// Connects.
  ///
  /// - Parameters:
  ///   - onMessage: called on the socket's event loop for every message, in order; must not wait.
  ///   - onClose: called once.
  /// - Throws: `ChannelClientError`.
  public static func connect(
    _ configuration: ChannelClientConfiguration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    onMessage: @escaping @Sendable (ChannelMessage) -> Void, onClose: @escaping CloseHandler = { _, _ in }
  ) async throws -> ChannelClient {
    let version = SerializerVersion(vsn: configuration.vsn.map { ByteText($0) }) ?? .two
    let tls = try configuration.tls.map { try NIOSSLContext(configuration: $0) }
    let receiving = ReceivingFlag()
    let upgraded: EventLoopFuture<UpgradeResult>
    do {
      upgraded = try await ClientBootstrap(group: group)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: configuration.host, port: configuration.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            if let tls {
              let handler = try NIOSSLClientHandler(
                context: tls,
                serverHostname: configuration.host.contains(where: \.isLetter) ? configuration.host : nil)
              try channel.pipeline.syncOperations.addHandler(handler)
            }
            return try upgrade(channel, configuration, version, receiving, onMessage, onClose)
          }
        }
    } catch {
      throw ChannelClientError.cannotConnect("\(error)")
    }
    let result: UpgradeResult
    do { result = try await upgraded.get() } catch { throw ChannelClientError.cannotConnect("\(error)") }
    switch result {
    case .upgraded(let channel):
      return ChannelClient(
        channel: channel, encoder: ClientEncoder(version: version, toon: configuration.toon),
        receiving: receiving)
    case .refused(let status):
      throw ChannelClientError.refused(status: (try? await status.get()) ?? 0)
    }
  }

  private enum UpgradeResult: Sendable {
    case upgraded(any Channel)
    /// The answer's head follows.
    case refused(EventLoopFuture<Int>)
  }

  private static func upgrade(
    _ channel: any Channel, _ configuration: ChannelClientConfiguration, _ version: SerializerVersion,
    _ receiving: ReceivingFlag, _ onMessage: @escaping @Sendable (ChannelMessage) -> Void,
    _ onClose: @escaping CloseHandler
  ) throws -> EventLoopFuture<UpgradeResult> {
    var headers: HTTPHeaders = ["host": "\(configuration.host):\(configuration.port)", "content-length": "0"]
    for (name, value) in configuration.headers { headers.replaceOrAdd(name: name, value: value) }
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: configuration.uri, headers: headers)
    let upgrader = NIOTypedWebSocketClientUpgrader<UpgradeResult>(
      maxFrameSize: configuration.maxMessageBytes, enableAutomaticErrorHandling: false,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ClientSocketHandler(
              version: version, isTOON: configuration.toon != nil, maxBytes: configuration.maxMessageBytes,
              receiving: receiving,
              onMessage: onMessage, onClose: onClose))
          return .upgraded(channel)
        }
      })
    var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(
      upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
        upgradeRequestHead: head, upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in
          // What the server answered is handed on only after this.
          let status = channel.eventLoop.makePromise(of: Int.self)
          return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusalHandler { status.succeed($0) })
            return .refused(status.futureResult)
          }
        }))
    pipeline.leftOverBytesStrategy = .forwardBytes
    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
  }

  /// Sends a message; binary payloads need version 2.
  public func send(_ message: ChannelMessage) {
    switch encoder.encode(message) {
    case .text(let bytes): send(.text, .frame(bytes))
    case .binary(let bytes): send(.binary, .frame(bytes))
    }
  }

  /// A frame as it is, for tests of what a server makes of it.
  func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, fin: Bool = true, isMasked: Bool = true) {
    let frame = WebSocketFrame(fin: fin, opcode: opcode, maskKey: isMasked ? .random() : nil, data: data)
    // What is sent while a read is taken goes out with it.
    if channel.eventLoop.inEventLoop, receiving.isSet, !receiving.isFlushDue() {
      channel.write(frame, promise: nil)
    } else {
      channel.writeAndFlush(frame, promise: nil)
    }
  }

  /// Stops and resumes taking what the server sends.
  func setReading(_ reads: Bool) async throws { try await channel.setOption(.autoRead, value: reads).get() }

  /// Says goodbye; the server answers with the same, and the socket ends.
  public func close(code: UInt16 = 1_000) {
    var data = ByteBuffer()
    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
    send(.connectionClose, data)
  }

  /// Ends without a word, as a lost network does.
  public func abort() { channel.close(promise: nil) }
}
