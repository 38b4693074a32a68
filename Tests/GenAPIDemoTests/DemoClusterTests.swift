import GenAPIStream
import GenAPIValue
import NIOCore
import NIOPosix
import Testing

@testable import GenAPIDemo

@Suite("The demo cluster")
struct DemoClusterTests {
  @Test("three streams listen at ports of their own until it stops")
  func start() async throws {
    var configuration = DemoConfiguration()
    configuration.load = 0.01
    let cluster = DemoCluster(configuration: configuration)
    let addresses = try await cluster.start()
    #expect(addresses.count == 3 && Set(addresses).count == 3)
    for address in addresses { #expect(address.hasPrefix("127.0.0.1:") && !address.string.hasSuffix(":0")) }
    await cluster.stop()
    // The port is free again.
    let port = try #require(Int(addresses[0].string.split(separator: ":")[1]))
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: port).get()
    try await listener.close().get()
  }

  @Test("a port that is taken is an error that names it, and nothing runs then")
  func taken() async throws {
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    var configuration = DemoConfiguration()
    configuration.firstPort = port
    let cluster = DemoCluster(configuration: configuration)
    let error = await #expect(throws: StreamExporterError.self) { try await cluster.start() }
    #expect(error?.description.contains("127.0.0.1:\(port)") == true)
    try await listener.close().get()
  }
}
