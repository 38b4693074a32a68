import GenAPIValue
import Listening
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import NetworkAddress

/// Opens the listening socket of a channel server.
enum ChannelListener {
  static func bind(_ hub: ServerHub, group: any EventLoopGroup) async throws -> any Channel {
    let configuration = hub.configuration
    HTTPTypes.make()
    hub.tls.withLock { $0 = configuration.tls }
    let name = HostPort.withoutBrackets(configuration.host)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptPause(configuration.listenerName, logger: hub.logger))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A client may end its sending side and go on reading.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try accept(channel, hub) }
      }
    if let socket = configuration.listeningSocket {
      return try await bootstrap.withBoundSocket(socket).get()
    }
    return try await bootstrap.bind(host: name, port: configuration.port).get()
  }

  private static func accept(_ channel: any Channel, _ hub: ServerHub) throws {
    if hub.isFlooded { throw ChannelError.ioOnClosedChannel }
    let isLoopback = channel.parent?.localAddress.flatMap { IPAddress($0) }?.isLoopback ?? false
    let peer = channel.remoteAddress.flatMap { IPAddress($0) }
    let handshake = SocketAdmission(hub: hub, peer: peer, isLoopback: isLoopback)
    channel.closeFuture.whenComplete { _ in handshake.left() }
    if handshake.isFlood { throw ChannelError.ioOnClosedChannel }
    let pipeline = channel.pipeline.syncOperations
    if handshake.awaitsProxyHeader {
      try pipeline.addHandler(ProxyHeaderHandler(hub: hub, handshake: handshake))
    }
    if let tls = hub.tls.withLock({ $0 }) { try pipeline.addHandler(tls.handlerOfServer()) }
    let gate = ConnectionGate()
    try pipeline.addHandler(gate, name: ConnectionGate.name)
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: hub.configuration.maxMessageBytes, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in handshake.decide(head, on: channel) },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          guard let grant = handshake.grant else { throw ChannelError.ioOnClosedChannel }
          try channel.pipeline.syncOperations.addHandler(
            SocketHandler(hub: hub, grant: grant, channel: channel))
          try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
      })
    // Errors are answered by the one who knows whether an answer is under way.
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: false,
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { context in
          context.channel.pipeline.removeHandler(name: ConnectionGate.name, promise: nil)
          context.channel.pipeline.removeHandler(name: HTTPHandler.name, promise: nil)
        }
      ), withErrorHandling: false)
    let upgrading = try pipeline.handler(type: HTTPServerUpgradeHandler.self)
    try pipeline.addHandler(FirstHead.ofRequest(), position: .before(upgrading))
    try pipeline.addHandler(
      HTTPHandler(hub: hub, handshake: handshake, gate: gate), name: HTTPHandler.name)
  }
}
