import Foundation
import GenAPITelemetry
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPIStream

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

  @Test(
    "nothing is told of a gateway that tells nothing itself: a state comes for each time that its source was told"
  )
  func silentSource() async throws {
    let fixture = ExporterFixture { $0.closeTimeout = .seconds(20) }
    fixture.source.timesTold = 1
    try await fixture.exporter.start()
    let client = try await fixture.subscriber(at: fixture.exporter.boundAddress!)
    fixture.source.set { $0.totals.requests = 8 }
    fixture.source.timesTold = 2
    let requests = try await client.next("a state") { frame -> Int64? in
      if case .state(_, _, let change) = frame { change.totals?.requests } else { nil }
    }
    #expect(requests == 8)
    // Whatever its source has become, nobody was told of it: the last state is not sent again, and no new one.
    fixture.source.set { $0.totals.requests = 9 }
    async let stopped: Void = fixture.exporter.stop(reason: "upgrade")
    var types: [ByteText] = []
    while types.last != "bye" { types.append(try await client.next().type) }
    #expect(!types.contains("state"))
    await client.close()
    await stopped
  }

  @Test("a state that is due waits for what is new of its source, however often it is asked for")
  func waitsForNews() throws {
    var feed = SubscriberFeed(Subscription(intervalMs: 1_000), after: nil, at: 0)
    func answer(_ request: StateRequest) -> StateAnswer {
      StateAnswer(id: 1, generation: request.generation, sequence: 0, known: .number(1), lines: [])
    }
    let first = feed.takeRequest(id: 1, at: 0, told: 1)
    _ = feed.took(answer(try #require(first)))
    let early = [1_000, 70_000].map { feed.takeRequest(id: 1, at: $0, told: 1) != nil }
    #expect(early == [false, false])
    let second = feed.takeRequest(id: 1, at: 70_050, told: 2)
    let next = try #require(second)
    // What was made and could not be sent is made again.
    feed.skip(answer(next))
    let again = feed.takeRequest(id: 1, at: 71_000, told: 2) != nil
    _ = feed.took(answer(next))
    let later = feed.takeRequest(id: 1, at: 72_000, told: 2) != nil
    // A source that always knows is asked whenever a state is due.
    let always = feed.takeRequest(id: 1, at: 72_000) != nil
    #expect(again && !later && always)
  }

  @Test(
    "a gateway that was lost has not said bye: its watchers are told that it is gone, and not that it stopped"
  )
  func lost() async throws {
    let fixture = ExporterFixture { $0.closeTimeout = .seconds(20) }
    try await fixture.exporter.start()
    let client = try await fixture.subscriber(at: fixture.exporter.boundAddress!)
    async let stopped: Void = fixture.exporter.stop(lost: "the node is gone")
    var last = try await client.next()
    while last.type == "state" || last.type == "ping" { last = try await client.next() }
    #expect(last == .error(code: .gone, message: "the node is gone"))
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

  @Test(
    "a snapshot that another `subscribe` overtakes while it is made is sent, and that of the other follows")
  func overtaken() async throws {
    let (exporter, gate, client) = try await askedForItsFirst(closeTimeout: .seconds(20))
    try await client.send(#"{"t":"subscribe","filter":{"services":["order_*"]}}"#)
    try await client.send(#"{"t":"ping"}"#)
    _ = try await client.next("a pong") { $0.type == "pong" ? $0 : nil }
    gate.open()
    #expect(try await client.snapshot().series.count == 2)
    #expect(try await client.snapshot().series.map(\.service) == ["order_service"])
    await client.close()
    await exporter.stop(reason: "over")
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
    return StubSource.twoServices()
  }
}
