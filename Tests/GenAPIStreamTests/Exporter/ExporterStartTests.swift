import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
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
