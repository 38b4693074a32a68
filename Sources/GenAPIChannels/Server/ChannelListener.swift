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
    if let path = configuration.unixPath { return try await bind(path, hub, group: group) }
    let bootstrap = bootstrap(hub, group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try accept(channel, hub, peer: nil) }
      }
    if let socket = configuration.listeningSocket {
      return try await bootstrap.withBoundSocket(socket).get()
    }
    let isIPv6Only = FamilyOfListener.isIPv6Only(
      host: name, port: configuration.port, beside: configuration.portsOfIPv4)
    return try await FamilyOfListener.only(isIPv6Only, bootstrap)
      .bind(host: name, port: configuration.port).get()
  }

  /// A Unix socket that nobody but its owner can open; each connection is asked who made it, too, as the file has its mode
  /// only a moment after it is there.
  private static func bind(_ path: String, _ hub: ServerHub, group: any EventLoopGroup) async throws
    -> any Channel
  {
    let bootstrap = bootstrap(hub, group: group)
      .childChannelInitializer { channel in
        UnixPeer.atOtherEnd(of: channel).flatMapThrowing { peer in try accept(channel, hub, peer: peer) }
      }
    return try await UnixListener.bind(bootstrap, at: path, mode: 0o600, group: group)
  }

  private static func bootstrap(_ hub: ServerHub, group: any EventLoopGroup) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            AcceptCount(), AcceptPause(hub.configuration.listenerName, logger: hub.logger))
        }
      }
      // A client may end its sending side and go on reading.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
  }

  /// - Parameter peer: who is at the other end of a Unix socket; nil over TCP.
  private static func accept(_ channel: any Channel, _ hub: ServerHub, peer unixPeer: UnixPeer?) throws {
    if hub.isFlooded { throw ChannelError.ioOnClosedChannel }
    try DescriptorReserve.keepLast(from: channel)
    let isLoopback = channel.parent?.localAddress.flatMap { IPAddress($0) }?.isLoopback ?? false
    let peer = channel.remoteAddress.flatMap { IPAddress($0) }
    // Of a listener for operators nobody is turned away; only clients are many. The limit may be changed while it runs.
    let isForClients = !hub.configuration.channels.topics.isEmpty
    let room = isForClients ? DescriptorReserve.ofProcess?.room(of: channel) ?? .enough : .enough
    let handshake = SocketAdmission(hub: hub, peer: peer, isLoopback: isLoopback, room: room)
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
    let handler = HTTPHandler(hub: hub, handshake: handshake, gate: gate, peer: unixPeer)
    try pipeline.addHandler(handler, name: HTTPHandler.name)
    guard !isForClients else { return }
    hub.closeResting(
      beyond: DescriptorReserve.mostSilent(afterComing: channel), but: ObjectIdentifier(handler))
  }
}
