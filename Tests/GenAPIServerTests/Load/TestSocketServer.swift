import GenAPIValue
import Locking
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A server of sockets that does with each message what a test says, on a port the system chose.
final class TestSocketServer: Sendable {
  enum Action: Sendable {
    case text(String)
    case close(WebSocketErrorCode, String)
    /// Ends without a word.
    case cut
  }

  /// What to do with a socket's message; the number counts sockets from 1.
  typealias Script = @Sendable (_ socket: Int, _ message: String) -> [Action]

  private let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  private init(_ channel: any Channel) { self.channel = channel }

  /// - Parameter upgrades: false for a server that takes connections and says nothing.
  static func start(upgrades: Bool = true, _ script: @escaping Script) async throws -> TestSocketServer {
    let sockets = Mutex(0)
    let number: @Sendable () -> Int = {
      sockets.withLock {
        $0 += 1
        return $0
      }
    }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        guard upgrades else { return channel.eventLoop.makeSucceededVoidFuture() }
        let upgrader = NIOWebSocketServerUpgrader(
          shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
          upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
              try channel.pipeline.syncOperations.addHandler(ScriptHandler(number(), script))
            }
          })
        return channel.pipeline.configureHTTPServerPipeline(
          withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return TestSocketServer(channel)
  }

  func stop() async { try? await channel.close() }

  /// The reply to a join as a gateway sends it.
  static let joinReply = #"["1","1","api:lobby","phx_reply",{"status":"ok","response":{}}]"#

  /// The answer to a request.
  static func answer(_ message: String, _ more: String = #""result":1,"success":true"#) -> Action {
    let id = (try? Value(json: message))?.array?[4]["request_id"]?.string ?? ""
    return .text(#"["1",null,"api:lobby","phoenix_gen_api",{"request_id":"\#(id)",\#(more)}]"#)
  }
}

private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let number: Int
  private let script: TestSocketServer.Script

  init(_ number: Int, _ script: @escaping TestSocketServer.Script) {
    self.number = number
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.opcode == .text else { return }
    for action in script(number, String(buffer: frame.unmaskedData)) {
      switch action {
      case .text(let text): send(.text, ByteBuffer(string: text), context)
      case .close(let code, let reason):
        var bytes = ByteBuffer()
        bytes.write(webSocketErrorCode: code)
        bytes.writeString(reason)
        send(.connectionClose, bytes, context)
      case .cut: context.close(promise: nil)
      }
    }
  }

  private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }
}
