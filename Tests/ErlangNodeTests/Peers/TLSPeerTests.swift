import ErlangPeers
import Foundation
import GenAPITLS
import NIOSSL
import OutsideText
import Testing

@testable import ErlangNode

@Suite(
  "Distribution over TLS",
  .enabled(
    if: ErlangPeer.isInstalled && InstalledProgram("openssl") != nil, "erl, epmd or openssl is not installed"),
  .serialized)
struct TLSPeerTests {
  /// A certificate of its own maker, in a folder that is removed with it.
  private final class Certificate {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    var certificate: String { folder.appendingPathComponent("cert.pem").path }
    var key: String { folder.appendingPathComponent("key.pem").path }

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let openssl = Process()
      openssl.executableURL = InstalledProgram("openssl")!.url
      openssl.arguments = [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout",
        key, "-out", certificate,
      ]
      openssl.standardError = FileHandle.nullDevice
      openssl.standardOutput = FileHandle.nullDevice
      try openssl.run()
      openssl.waitUntilExit()
    }

    func context() throws -> TLS {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
      configuration.certificateVerification = .none
      return try TLS(configuration)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
  }

  private func node(_ name: String, _ epmd: Epmd, _ tls: TLS?) async throws -> LocalNode {
    var configuration = LocalNodeConfiguration(name: ByteText(name), cookie: Cookie("secret"))
    configuration.epmd = EpmdClient(port: epmd.port)
    configuration.tls = tls
    configuration.handshakeTimeout = ErlangPeer.patience
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    try await node.start()
    return node
  }

  @Test("an Erlang node that speaks TLS is called, and calls back")
  func erlang() async throws {
    let certificate = try Certificate()
    let epmd = try await Epmd()
    let erlang = try ErlangPeer(
      "tls", epmdPort: epmd.port,
      options: [
        "-proto_dist", "inet_tls", "-ssl_dist_opt", "server_certfile", certificate.certificate,
        "server_keyfile", certificate.key,
      ])
    let swift = try await node("swift@127.0.0.1", epmd, try certificate.context())
    swift.register("greeter", "hello") { _ in .atom("hello") }
    try await erlang.ready()
    #expect(await swift.ping(ByteText(erlang.name), timeout: ErlangPeer.patience))
    let answer = try await swift.call(
      ByteText(erlang.name), "rpc", "call", [.atom(swift.name), .atom("greeter"), .atom("hello"), .list([])],
      timeout: ErlangPeer.patience)
    #expect(answer == .atom("hello"))
    swift.disconnect(from: ByteText(erlang.name))
    await swift.stop()
    erlang.kill()
  }

  @Test("a node without TLS does not get in, and gets no answer that it could take for one")
  func plain() async throws {
    let certificate = try Certificate()
    let epmd = try await Epmd()
    let guarded = try await node("guarded@127.0.0.1", epmd, try certificate.context())
    let plain = try await node("plain@127.0.0.1", epmd, nil)
    await #expect(throws: CallError.self) { try await plain.connect(to: guarded.name) }
    #expect(guarded.nodes.isEmpty)
    await plain.stop()
    await guarded.stop()
  }
}
