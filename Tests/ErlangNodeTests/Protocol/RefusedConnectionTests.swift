import ErlangNode
import NIOCore
import NIOPosix
import Testing

@Suite("Connections that are refused")
struct RefusedConnectionTests {
  @Test("a node whose port nobody listens on is unreachable, however often it is tried")
  func refused() async throws {
    // A port that was free a moment ago.
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    try await listener.close()
    var configuration = LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.fixedPorts = ["gone@127.0.0.1": port]
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    for _ in 0..<50 {
      let failure = await #expect(throws: CallError.self) { try await node.connect(to: "gone@127.0.0.1") }
      guard case .unreachable = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
  }

  @Test("a connection that is closed before the handshake ends is unreachable too")
  func closed() async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in channel.close() }
      .bind(host: "127.0.0.1", port: 0).get()
    var configuration = LocalNodeConfiguration(name: "a@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.fixedPorts = ["rude@127.0.0.1": try #require(listener.localAddress?.port)]
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    for _ in 0..<50 {
      await #expect(throws: CallError.self) { try await node.connect(to: "rude@127.0.0.1") }
    }
    try await listener.close()
  }
}
