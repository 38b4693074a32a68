import GenAPIStream
import GenAPITelemetry
import Logging
import NIOCore

/// An exporter on a free port, with a bus and a source in the test's hands.
struct ExporterFixture {
  let bus = TelemetryBus(node: "gw1")
  let source: StubSource
  let exporter: StreamExporter

  init(
    state: GatewayState = StubSource.twoServices(), logger: Logger = Logger(label: "test"),
    _ configure: (inout StreamExporterConfiguration) -> Void = { _ in }
  ) {
    source = StubSource(state)
    var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    configuration.interval = .milliseconds(100)
    configuration.closeTimeout = .milliseconds(300)
    configure(&configuration)
    exporter = StreamExporter(configuration: configuration, bus: bus, source: source, logger: logger)
  }

  /// Starts, runs the body, and stops whatever happens.
  func run(_ body: (SocketAddress) async throws -> Void) async throws {
    try await exporter.start()
    do {
      try await body(exporter.boundAddress!)
    } catch {
      await exporter.stop(reason: "the test failed")
      throw error
    }
    await exporter.stop(reason: "the test is over")
  }

  /// Connects, subscribes and reads up to the snapshot.
  func subscriber(
    at address: SocketAddress, _ subscribe: String = #"{"t":"subscribe","interval_ms":100}"#
  ) async throws -> LineClient {
    let client = try await LineClient.connect(to: address)
    try await client.send(subscribe)
    _ = try await client.next("a snapshot") { $0.type == "snapshot" ? $0 : nil }
    return client
  }
}
