import ArgumentParser
import ErlangNode
import GenAPIChannels
import GenAPICluster
import GenAPIGateway
import GenAPIStream
import GenAPIValue
import Logging
import ServiceLifecycle

/// A gateway as a node of an Erlang cluster: services push their functions to it, and it calls them where they run.
///
///     swift run cluster-gateway --name gateway@127.0.0.1 --cookie demo
///     swift run --package-path ../service-node order-service --cookie demo --gateway gateway@127.0.0.1
@main
struct ClusterGateway: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster-gateway", abstract: "An example of a gateway in an Erlang cluster, from code.")

  @Option(help: "This node, as name@host.")
  var name = "gateway@127.0.0.1"

  @Option(help: "The cluster's cookie; by default that of ~/.erlang.cookie.")
  var cookie: String?

  @Option(help: "Nodes to stay connected to, as name@host.")
  var seed: [String] = []

  @Option(help: "The port of Phoenix Channels clients; 0 lets the system choose.")
  var port = 4_700

  func run() async throws {
    var logger = Logger(label: "cluster-gateway")
    logger.logLevel = .notice
    let node = try LocalNode(
      LocalNodeConfiguration(name: ByteText(name), cookie: try cookie.map { Cookie($0) } ?? Cookie.fromHome())
    )
    var settings = GatewayConfiguration(node: ByteText(name))
    settings.logger = logger
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: node))
    // What services push comes to the gateway.
    ConfigService(gateway: gateway).serve(on: node)
    let discovery = try NodeDiscovery(
      node: node, sources: [.nodes(seed.map { ByteText($0) })], logger: logger)
    discovery.serve(on: gateway)
    var sockets = PhoenixServerConfiguration(port: port)
    // For a look at it: everybody is let in, as nobody.
    sockets.channels.requiresVerifiedUserID = false
    let server = try PhoenixServer(
      gateway: gateway, configuration: sockets, authenticator: AnonymousAuthenticator())
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [Membership(node: node, discovery: discovery), gateway, server],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }
}

/// Takes part in the cluster until the program ends.
struct Membership: Service {
  let node: LocalNode
  let discovery: NodeDiscovery

  func run() async throws {
    try await node.start()
    await cancelWhenGracefulShutdown { await discovery.run() }
    await node.stop()
  }
}
