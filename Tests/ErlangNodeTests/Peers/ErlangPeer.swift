import ErlangNode
import ErlangPeers
import Foundation
import OutsideText

/// A real Erlang node, with an epmd of its own, started and stopped by a test.
final class ErlangPeer {
  static let program = InstalledProgram("erl")
  static let isInstalled = program != nil && Epmd.program != nil
  /// How long a handshake or an answer may take: a node that has just started loads code first (for TLS, all of `ssl`),
  /// which on a starved machine takes its time.
  static let patience = Duration.seconds(60)

  let name: String
  let epmdPort: Int
  private let process: Process

  /// - Parameter epmdPort: of an epmd that `Epmd` started.
  init(
    _ alive: String, cookie: String = "secret", epmdPort: Int, hidden: Bool = false, options: [String] = []
  )
    throws
  {
    name = "\(alive)@127.0.0.1"
    self.epmdPort = epmdPort
    process = try Self.program!.start(
      [
        "-name", name, "-setcookie", cookie, "-noshell", "-noinput", "-kernel", "inet_dist_use_interface",
        "{127,0,0,1}",
      ] + (hidden ? ["-hidden"] : []) + options, epmdPort: epmdPort)
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
}

/// A Swift node and an Erlang node that can reach each other.
struct PeerFixture {
  let epmd: Epmd
  let erlang: ErlangPeer
  let swift: LocalNode

  init(epmd: Epmd, erlang: ErlangPeer, swift: LocalNode) {
    self.epmd = epmd
    self.erlang = erlang
    self.swift = swift
  }

  init(
    erlang alive: String = "peer", cookie: String = "secret",
    _ change: (inout LocalNodeConfiguration) -> Void = { _ in }
  ) async throws {
    epmd = try await Epmd()
    erlang = try ErlangPeer(alive, epmdPort: epmd.port)
    var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie(cookie))
    configuration.epmd = EpmdClient(port: epmd.port)
    configuration.handshakeTimeout = ErlangPeer.patience
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
  func evaluate(_ text: String, timeout: Duration = ErlangPeer.patience) async throws -> Term {
    let tokens = try await swift.call(
      ByteText(erlang.name), "erl_scan", "string", [.list(text.utf8.map { .integer(Int64($0)) })],
      timeout: ErlangPeer.patience)
    let parsed = try await swift.call(
      ByteText(erlang.name), "erl_parse", "parse_exprs", [tokens.tupleElements![1]],
      timeout: ErlangPeer.patience)
    let value = try await swift.call(
      ByteText(erlang.name), "erl_eval", "exprs", [parsed.tupleElements![1], .list([])], timeout: timeout)
    return value.tupleElements![1]
  }
}
