import ErlangNode
import ErlangPeers
import Foundation
import GenAPICluster
import GenAPIGateway
import GenAPIValue
import Testing

/// The service of `examples/elixir`, as a real process, beside a gateway in the same cluster.
final class ElixirPeer {
  static let program = InstalledProgram("elixir")
  static let isInstalled = program != nil && Epmd.program != nil

  private(set) var gatewayNode: LocalNode
  private(set) var gateway: Gateway
  let name: String
  private let epmd: Epmd
  private var processes: [Process] = []

  init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws {
    epmd = try await Epmd()
    name = "app@127.0.0.1"
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    change(&settings)
    (gatewayNode, gateway) = try await Self.startGateway(settings, epmd)
    try await startElixir()
  }

  private static func startGateway(_ settings: GatewayConfiguration, _ epmd: Epmd) async throws -> (
    LocalNode, Gateway
  ) {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = EpmdClient(port: epmd.port)
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: node))
    ConfigService(gateway: gateway).serve(on: node)
    try await node.start()
    return (node, gateway)
  }

  /// A gateway of the same name takes the place of the one that was there, and knows nothing of what it knew.
  func restartGateway() async throws {
    await gatewayNode.stop()
    (gatewayNode, gateway) = try await Self.startGateway(gateway.configuration, epmd)
  }

  /// A service and a gateway of its own, which end with `body`, however it ends.
  static func with(
    _ change: (inout GatewayConfiguration) -> Void = { _ in }, _ body: (ElixirPeer) async throws -> Void
  ) async throws {
    let peer = try await ElixirPeer(change)
    do {
      try await body(peer)
    } catch {
      await peer.end()
      throw error
    }
    await peer.end()
  }

  func startElixir() async throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent(
      "../../../examples/elixir/user_service.exs")
    processes.append(
      try Self.program!.start(
        ["--name", name, "--cookie", "secret", file.standardized.path], epmdPort: epmd.port))
    for _ in 0..<600 {
      if await gatewayNode.ping(ByteText(name)) {
        let isLoaded = try? await gatewayNode.call(
          ByteText(name), "erlang", "function_exported",
          [.atom("Elixir.MyApp.GenApi.Supporter"), .atom("get_config"), .integer(0)])
        if isLoaded == .atom("true") { return }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotReady()
  }

  struct NotReady: Error {}

  /// Runs a function of the service.
  func run(_ module: String, _ function: String, _ arguments: [Term] = []) async throws -> Term {
    try await gatewayNode.call(
      ByteText(name), ByteText(module), ByteText(function), arguments, timeout: .seconds(30))
  }

  func end() async {
    await gatewayNode.stop()
    kill()
  }

  func kill() {
    // `elixir` is a shell script that becomes `erl`.
    for process in processes where process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
  }

  func killElixir() async {
    _ = try? await gatewayNode.call(ByteText(name), "erlang", "halt", [.integer(1)], timeout: .seconds(1))
  }

  deinit { kill() }
}

/// Keeps what is pushed to it.
final class Listener: ClientConnection {
  let connectionID: ConnectionID
  private let responses: AsyncStream<Response>.Continuation
  let stream: AsyncStream<Response>

  init(_ gateway: Gateway) {
    connectionID = gateway.newConnectionID()
    (stream, responses) = AsyncStream.makeStream(of: Response.self)
    gateway.connectionOpened(connectionID, transport: "test", identity: ClientIdentity())
  }

  func push(_ response: Response) { responses.yield(response) }
}
