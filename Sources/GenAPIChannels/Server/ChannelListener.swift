import GenAPIValue
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Opens the listening socket of a channel server.
enum ChannelListener {
  static func bind(_ hub: ServerHub, group: any EventLoopGroup) async throws -> any Channel {
    let configuration = hub.configuration
    let tls = try configuration.tls.map { try NIOSSLContext(configuration: $0) }
    let host = configuration.host
    let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A client may end its sending side and go on reading.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try accept(channel, hub, tls) }
      }
      .bind(host: name, port: configuration.port).get()
  }

  private static func accept(_ channel: any Channel, _ hub: ServerHub, _ tls: NIOSSLContext?) throws {
    if hub.isFlooded { throw ChannelError.ioOnClosedChannel }
    let address = channel.remoteAddress?.ipAddress.map { ByteText($0) }
    let handshake = Handshake(hub: hub, address: address, admission: hub.arrived(from: address))
    channel.closeFuture.whenComplete { _ in hub.left(from: address) }
    channel.eventLoop.scheduleTask(in: .milliseconds(hub.configuration.handshakeMs)) {
      guard !handshake.isOver, channel.isActive else { return }
      hub.refused("handshake")
      channel.close(promise: nil)
    }
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: hub.configuration.maxMessageBytes, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in handshake.decide(head, on: channel.eventLoop) },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          guard let grant = handshake.grant else { throw ChannelError.ioOnClosedChannel }
          try channel.pipeline.syncOperations.addHandler(
            SocketHandler(hub: hub, grant: grant, channel: channel))
        }
      })
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: false,
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { context in
          context.channel.pipeline.removeHandler(name: HTTPHandler.name, promise: nil)
        }
      ))
    try pipeline.addHandler(HTTPHandler(hub: hub, handshake: handshake), name: HTTPHandler.name)
  }
}
