import ErlangNode
import Foundation

/// A real Erlang node, with an epmd of its own, started and stopped by a test.
final class ErlangPeer {
  static let isInstalled = find("erl") != nil && find("epmd") != nil

  let name: String
  let epmdPort: Int
  private let process = Process()

  /// - Parameter epmdPort: of an epmd that `Epmd` started.
  init(
    _ alive: String, cookie: String = "secret", epmdPort: Int, hidden: Bool = false, options: [String] = []
  )
    throws
  {
    name = "\(alive)@127.0.0.1"
    self.epmdPort = epmdPort
    process.executableURL = URL(fileURLWithPath: Self.find("erl")!)
    process.arguments =
      [
        "-name", name, "-setcookie", cookie, "-noshell", "-noinput", "-kernel", "inet_dist_use_interface",
        "{127,0,0,1}",
      ]
      + (hidden ? ["-hidden"] : []) + options
    var environment = ProcessInfo.processInfo.environment
    environment["ERL_EPMD_PORT"] = String(epmdPort)
    environment["ERL_FLAGS"] = nil
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Returns once the node is registered.
  func ready() async throws {
    let epmd = EpmdClient(port: epmdPort)
    let alive = String(name.prefix { $0 != "@" })
    for _ in 0..<600 {
      if (try? await epmd.lookUp(alive)) != nil { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotReady()
  }

  struct NotReady: Error {}

  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
  }

  deinit { kill() }

  static func find(_ program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// An epmd on a free port.
final class Epmd {
  let port: Int
  private let process = Process()

  init() async throws {
    var found: Int?
    for _ in 0..<20 where found == nil {
      let port = Int.random(in: 20_000...60_000)
      if (try? await EpmdClient(port: port).names()) == nil { found = port }
    }
    port = found ?? 54_369
    process.executableURL = URL(fileURLWithPath: ErlangPeer.find("epmd")!)
    process.arguments = ["-port", String(port), "-address", "127.0.0.1"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      if (try? await EpmdClient(port: port).names()) != nil { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    throw ErlangPeer.NotReady()
  }

  deinit {
    // Nobody waits for its end: waiting needs a run loop, which a task's thread does not have.
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
  }
}

/// A Swift node and an Erlang node that can reach each other.
struct PeerFixture {
  let epmd: Epmd
  let erlang: ErlangPeer
  let swift: LocalNode

  init(
    erlang alive: String = "peer", cookie: String = "secret",
    _ change: (inout LocalNodeConfiguration) -> Void = { _ in }
  ) async throws {
    epmd = try await Epmd()
    erlang = try ErlangPeer(alive, epmdPort: epmd.port)
    var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie(cookie))
    configuration.epmd = EpmdClient(port: epmd.port)
    configuration.logger.logLevel = .critical
    change(&configuration)
    swift = try LocalNode(configuration)
    try await swift.start()
    try await erlang.ready()
  }

  func end() async {
    await swift.stop()
    erlang.kill()
  }

  /// Runs an Erlang expression on the peer.
  func evaluate(_ text: String, timeoutMs: Int64 = 30_000) async throws -> Term {
    let tokens = try await swift.call(
      erlang.name, "erl_scan", "string", [.list(text.utf8.map { .integer(Int64($0)) })])
    let parsed = try await swift.call(erlang.name, "erl_parse", "parse_exprs", [tokens.tupleElements![1]])
    let value = try await swift.call(
      erlang.name, "erl_eval", "exprs", [parsed.tupleElements![1], .list([])], timeoutMs: timeoutMs)
    return value.tupleElements![1]
  }
}
