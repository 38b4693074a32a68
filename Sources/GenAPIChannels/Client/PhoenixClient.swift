import GenAPIValue
import NIOCore
import NIOPosix
import NIOWebSocket

/// A client of a gateway's channels: one socket, both serializer versions.
///
/// It speaks the protocol and keeps nothing: who uses it joins, matches replies and connects again.
public final class PhoenixClient: Sendable {
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
  ///   - onUnreadable: called there for every text of the server that is no message; the socket goes on.
  ///   - onClose: called once.
  /// - Throws: `PhoenixClientError`.
  public static func connect(
    _ configuration: PhoenixClientConfiguration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    onMessage: @escaping @Sendable (PhoenixMessage) -> Void,
    onUnreadable: @escaping @Sendable (MessageError) -> Void = { _ in },
    onClose: @escaping CloseHandler = { _, _ in }
  ) async throws -> PhoenixClient {
    let version = SerializerVersion(vsn: configuration.vsn.map { ByteText($0) }) ?? .two
    let receiving = ReceivingFlag()
    let connector = ClientConnector(configuration)
    let channel = try await connector.connect(on: group) { channel in
      try channel.pipeline.syncOperations.addHandler(
        ClientSocketHandler(
          version: version, isTOON: configuration.toon != nil, maxBytes: configuration.maxMessageBytes,
          receiving: receiving, onMessage: onMessage, onUnreadable: onUnreadable, onClose: onClose,
          describe: connector.describe))
    }
    return PhoenixClient(
      channel: channel, encoder: ClientEncoder(version: version, toon: configuration.toon),
      receiving: receiving)
  }

  /// Sends a message; binary payloads need version 2.
  public func send(_ message: PhoenixMessage) {
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

  /// Says goodbye and waits until the socket has ended, a second at most: for a program that ends then.
  public func end(code: UInt16 = 1_000) async {
    close(code: code)
    let timer = channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    try? await channel.closeFuture.get()
    timer.cancel()
  }

  /// Ends without a word, as a lost network does.
  public func abort() { channel.close(promise: nil) }
}
