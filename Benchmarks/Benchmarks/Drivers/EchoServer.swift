import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// WebSocket and nothing else: every frame comes back as it came, but a join is answered as one, so that the same
/// client can call it.
enum EchoServer {
  static func run() throws {
    let server = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        let upgrader = NIOWebSocketServerUpgrader(
          shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
          upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
              try channel.pipeline.syncOperations.addHandler(EchoHandler())
            }
          })
        return channel.pipeline.configureHTTPServerPipeline(
          withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    say("\(server.localAddress!.port!)")
    try server.closeFuture.wait()
  }
}

private final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private static let joinAnswer = Array(
    #"["1","1","api:lobby","phx_reply",{"status":"ok","response":{}}]"#.utf8)
  private var hasJoined = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.opcode == .text else { return context.close(promise: nil) }
    var answer = frame.unmaskedData
    if !hasJoined {
      hasJoined = true
      answer = ByteBuffer(bytes: Self.joinAnswer)
    }
    context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .text, data: answer)), promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
