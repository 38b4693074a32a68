import ErlangNode
import Foundation
import GenAPICluster
import GenAPIGateway
import Testing

/// The service of `examples/elixir`, as a real process, beside a gateway in the same cluster.
final class ElixirPeer {
  static let isInstalled = find("elixir") != nil && find("epmd") != nil

  let gatewayNode: LocalNode
  let gateway: Gateway
  let name: String
  private let epmdPort: Int
  private var processes: [Process] = []

  init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws {
    epmdPort = Int.random(in: 20_000...60_000)
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = EpmdClient(port: epmdPort)
    configuration.logger.logLevel = .critical
    gatewayNode = try LocalNode(configuration)
    name = "app@127.0.0.1"
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    change(&settings)
    gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try start("epmd", ["-port", String(epmdPort), "-address", "127.0.0.1"])
    for _ in 0..<200 {
      if (try? await EpmdClient(port: epmdPort).names()) != nil { break }
      try await Task.sleep(for: .milliseconds(25))
    }
    try await gatewayNode.start()
    try await startElixir()
  }

  func startElixir() async throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent(
      "../../../examples/elixir/user_service.exs")
    try start("elixir", ["--name", name, "--cookie", "secret", file.standardized.path])
    for _ in 0..<600 {
      if await gatewayNode.ping(name) {
        let isLoaded = try? await gatewayNode.call(
          name, "erlang", "function_exported",
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
    try await gatewayNode.call(name, module, function, arguments, timeoutMs: 30_000)
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
    _ = try? await gatewayNode.call(name, "erlang", "halt", [.integer(1)], timeoutMs: 1_000)
  }

  deinit { kill() }

  private func start(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.find(program)!)
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["ERL_EPMD_PORT"] = String(epmdPort)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    processes.append(process)
  }

  static func find(_ program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
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
