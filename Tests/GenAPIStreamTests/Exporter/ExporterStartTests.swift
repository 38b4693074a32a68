import Foundation
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Locking
import Logging
import NIOCore
import ServiceLifecycle
import TestWaiting
import Testing

@Suite("Starting the stream exporter")
struct ExporterStartTests {
  @Test(
    "another address than loopback needs a token, and the error says how to set one",
    arguments: [
      "0.0.0.0", "::", "192.168.1.1", "127.example.org", "gw1",
    ])
  func openAddress(host: String) async throws {
    let fixture = ExporterFixture { $0.addresses = [.tcp(host: host, port: 0)] }
    let error = await #expect(throws: StreamExporterError.self) { try await fixture.exporter.start() }
    #expect(error == .tokenRequired(.tcp(host: host, port: 0)))
    #expect("\(error!)".contains("set StreamExporterConfiguration.token"))
  }

  @Test("an open address with a token is listened on")
  func openWithToken() async throws {
    let fixture = ExporterFixture {
      $0.addresses = [.tcp(host: "0.0.0.0", port: 0)]
      $0.token = "a secret of 16 b"
    }
    try await fixture.run { address in #expect(address.port! > 0) }
  }

  @Test("settings out of range are refused with their name")
  func settings() async throws {
    for token in ["", "a secret of 15b"] {
      let short = ExporterFixture { $0.token = ByteText(token) }
      await #expect(throws: StreamExporterError.tokenTooShort(bytes: token.utf8.count)) {
        try await short.exporter.start()
      }
    }
    let zero = ExporterFixture { $0.maximumSubscribers = 0 }
    await #expect(
      throws: StreamExporterError.invalid(setting: "maximumSubscribers", value: "0", allowed: "1 to 10000")
    ) { try await zero.exporter.start() }
    let slow = ExporterFixture { $0.interval = .milliseconds(1) }
    await #expect(throws: StreamExporterError.self) { try await slow.exporter.start() }
  }

  @Test("an exporter of one gateway's events and another's state says so")
  func foreignSource() async throws {
    let lines = Lines()
    var logger = Logger(label: "test") { _ in lines }
    logger.logLevel = .warning
    let gateways = try ["a", "b"].map { try Gateway(configuration: GatewayConfiguration(node: $0)) }
    for (bus, source) in [(0, 0), (0, 1)] {
      let exporter = StreamExporter(
        configuration: StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
        bus: gateways[bus].bus, source: gateways[source], logger: logger)
      try await exporter.start()
      await exporter.stop(reason: "test")
    }
    #expect(
      lines.texts == [
        "the exporter has the events of one gateway and the state of another: give it the bus of its source"
      ])
  }

  private struct Lines: LogHandler {
    private final class Kept: Sendable { let texts = Mutex<[String]>([]) }

    private let kept = Kept()
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    var texts: [String] { kept.texts.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { kept.texts.withLock { $0.append("\(event.message)") } }
  }

  @Test("a port in use is an error that names the address")
  func portInUse() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let port = address.port!
      let second = ExporterFixture { $0.addresses = [.tcp(host: "127.0.0.1", port: port)] }
      let error = await #expect(throws: StreamExporterError.self) { try await second.exporter.start() }
      #expect("\(error!)".hasPrefix("cannot listen on 127.0.0.1:\(port): "))
    }
  }

  @Test("a Unix socket serves, keeps others out, and a file left over is replaced")
  func unixSocket() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).sock").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for _ in 0..<2 {
      let fixture = ExporterFixture { $0.addresses = [.unix(path: path)] }
      try await fixture.run { address in
        _ = try await fixture.subscriber(at: address)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let second = ExporterFixture { $0.addresses = [.unix(path: path)] }
        await #expect(throws: StreamExporterError.self) { try await second.exporter.start() }
      }
    }
  }

  @Test("runs as a service until graceful shutdown, and says bye")
  func service() async throws {
    let fixture = ExporterFixture()
    let exporter = fixture.exporter
    let group = ServiceGroup(
      services: [exporter], gracefulShutdownSignals: [], logger: .init(label: "test"))
    async let running: Void = group.run()
    try await eventually { exporter.boundAddress != nil }
    let client = try await fixture.subscriber(at: exporter.boundAddress!)
    await group.triggerGracefulShutdown()
    _ = try await client.next("a bye") { $0.type == "bye" ? true : nil }
    try await running
  }
}
