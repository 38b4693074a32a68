import Listening
import NIOCore
import NIOPosix
import NetworkAddress

/// Opens the listening sockets of an exporter.
enum ExporterListener {
  static func bind(_ address: ListenAddress, hub: ExporterHub) async throws -> any Channel {
    let bootstrap = ServerBootstrap(group: hub.loop)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelInitializer { [logger = hub.logger] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause("telemetry", logger: logger))
        }
      }
      // Clients may close their sending side and go on reading.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try DescriptorReserve.keepLast(from: channel)
          hub.closeSilent(beyond: DescriptorReserve.mostSilent(afterComing: channel))
          try channel.pipeline.syncOperations.addHandler(hub.makeHandler())
        }
      }
    switch address {
    case .tcp(let host, let port):
      let host = HostPort.withoutBrackets(host)
      let isIPv6Only = FamilyOfListener.isIPv6Only(
        host: host, port: port,
        beside: hub.configuration.portsOfIPv4.union(hub.configuration.addresses.compactMap(\.ipv4Port)))
      let shared =
        bootstrap
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      return try await FamilyOfListener.only(isIPv6Only, shared).bind(host: host, port: port).get()
    case .unix(let path):
      // Only the gateway's own user may read its telemetry without a token.
      return try await UnixListener.bind(bootstrap, at: path, mode: 0o600, group: hub.loop)
    }
  }
}
