import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Synchronization
import TestWaiting
import Testing

@Suite("How the stream ends")
struct EndingTests {
  @Test("the last numbers, and the events that still wait, come before the bye")
  func lastNumbers() async throws {
    let fixture = ExporterFixture { $0.closeTimeout = .seconds(20) }
    try await fixture.exporter.start()
    let address = fixture.exporter.boundAddress!
    // The next state would be due in a minute.
    let client = try await fixture.subscriber(at: address, #"{"t":"subscribe","interval_ms":60000}"#)
    fixture.source.set { $0.totals.requests = 8 }
    fixture.bus.emit(TestEvents.start())
    async let stopped: Void = fixture.exporter.stop(reason: "upgrade")
    var types: [ByteText] = []
    var requests: Int64?
    while types.last != "bye" {
      let frame = try await client.next()
      types.append(frame.type)
      if case .state(_, _, let change) = frame, let totals = change.totals { requests = totals.requests }
    }
    #expect(requests == 8)
    #expect(types.filter { $0 != "ping" } == ["event", "state", "bye"])
    await client.close()
    await stopped
  }

  @Test("a client that never said a word is not waited for", .timeLimit(.minutes(1)))
  func silent() async throws {
    let fixture = ExporterFixture { $0.closeTimeout = .seconds(3_600) }
    try await fixture.exporter.start()
    let client = try await LineClient.connect(to: fixture.exporter.boundAddress!)
    // Who says nothing gets the default subscription after a second.
    var types: [ByteText] = []
    while types.last != "snapshot" { types.append(try await client.next().type) }
    await fixture.exporter.stop(reason: "upgrade")
    while types.last != "bye" { types.append(try await client.next().type) }
    try await client.waitForEnd()
  }

  /// An exporter whose first subscriber waits for its snapshot, since the gateway does not tell its state yet.
  private func askedForItsFirst(closeTimeout: Duration) async throws -> (
    StreamExporter, GatedSource, LineClient
  ) {
    let gate = GatedSource()
    var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    configuration.closeTimeout = closeTimeout
    let exporter = StreamExporter(configuration: configuration, bus: TelemetryBus(node: "gw1"), source: gate)
    try await exporter.start()
    let client = try await LineClient.connect(to: exporter.boundAddress!)
    try await client.send(#"{"t":"subscribe"}"#)
    try await eventually { gate.asked > 0 }
    return (exporter, gate, client)
  }

  @Test("one who has just subscribed gets its snapshot before the bye")
  func justSubscribed() async throws {
    let (exporter, gate, client) = try await askedForItsFirst(closeTimeout: .seconds(20))
    async let stopped: Void = exporter.stop(reason: "upgrade")
    // The exporter is told to stop while the gateway is asked.
    try await eventually { exporter.boundAddress == nil }
    gate.open()
    var types: [ByteText] = []
    while types.last != "bye" { types.append(try await client.next().type) }
    #expect(types.starts(with: ["hello", "snapshot"]))
    await client.close()
    await stopped
  }

  @Test("a gateway that hangs keeps the bye from nobody")
  func hangs() async throws {
    let (exporter, gate, client) = try await askedForItsFirst(closeTimeout: .milliseconds(200))
    async let stopped: Void = exporter.stop(reason: "upgrade")
    let reason = try await client.next("a bye") { frame -> ByteText? in
      if case .bye(let reason) = frame { reason } else { nil }
    }
    #expect(reason == "upgrade")
    try await client.waitForEnd()
    await stopped
    gate.open()
  }
}

/// A gateway that does not answer before it is let.
private final class GatedSource: StateSource {
  private let isOpen = Atomic<Bool>(false)
  private let calls = Atomic<Int>(0)

  var asked: Int { calls.load(ordering: .acquiring) }

  func open() { isOpen.store(true, ordering: .releasing) }

  func currentState() -> GatewayState {
    calls.add(1, ordering: .releasing)
    while !isOpen.load(ordering: .acquiring) { usleep(1_000) }
    return GatewayState()
  }
}
