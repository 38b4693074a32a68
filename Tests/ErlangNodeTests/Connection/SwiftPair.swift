import ErlangNode
import Locking
import NIOCore
import NIOPosix

/// Two Swift nodes that know each other's ports, without epmd.
struct SwiftPair {
  let first: LocalNode
  let second: LocalNode

  /// - Parameters:
  ///   - port: where the first looks for the second; nil is where it listens.
  init(
    _ change: (inout LocalNodeConfiguration) -> Void = { _ in },
    through port: (Int) async throws -> Int = { $0 }
  )
    async throws
  {
    var configuration = LocalNodeConfiguration(name: "second@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    change(&configuration)
    second = try LocalNode(configuration)
    try await second.start()
    configuration.name = "first@127.0.0.1"
    configuration.fixedPorts = ["second@127.0.0.1": try await port(second.port ?? 0)]
    first = try LocalNode(configuration)
    try await first.start()
  }

  func end() async {
    await first.stop()
    await second.stop()
  }
}

/// Hands bytes on between two ends, until it is told to hold them: then the connection looks open and is dead, as when a
/// cable is pulled.
final class HoldingProxy: Sendable {
  private let listener: any Channel
  private let holds: Switch

  var port: Int { listener.localAddress?.port ?? 0 }

  init(to port: Int) async throws {
    let holds = Switch()
    self.holds = holds
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop)
          .channelInitializer { server in
            server.eventLoop.makeCompletedFuture {
              try server.pipeline.syncOperations.addHandler(Hand(to: client, holds))
            }
          }
          .connect(host: "127.0.0.1", port: port).flatMapThrowing { server in
            try client.pipeline.syncOperations.addHandler(Hand(to: server, holds))
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  func hold() { holds.isOn.store(true, ordering: .relaxed) }
  func stop() async { try? await listener.close() }

  private final class Switch: Sendable {
    let isOn = Atomic(false)
  }

  private final class Hand: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let other: any Channel
    private let holds: Switch

    init(to other: any Channel, _ holds: Switch) {
      self.other = other
      self.holds = holds
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !holds.isOn.load(ordering: .relaxed) { other.writeAndFlush(unwrapInboundIn(data), promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
      if !holds.isOn.load(ordering: .relaxed) { other.close(promise: nil) }
    }
  }
}
