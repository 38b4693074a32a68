import Foundation
import GenAPITelemetry
import GenAPIValue
import NIOCore
import NIOPosix
import Testing

@testable import GenAPIStream

@Suite("The stream subscriber, over a socket")
struct StreamSubscriberTests {
  static func target(_ address: SocketAddress, token: ByteText? = nil) -> StreamTarget {
    StreamTarget(host: "127.0.0.1", port: address.port!, token: token)
  }

  /// Reads until `pick` makes something of an event.
  static func wait<T: Sendable>(
    _ subscriber: StreamSubscriber, for what: String, _ pick: @escaping @Sendable (SubscriberEvent) -> T?
  ) async throws -> T {
    try await withDeadline(what) {
      for await event in subscriber.events { if let found = pick(event) { return found } }
      throw LineClient.Ended()
    }
  }

  static func state(_ event: SubscriberEvent) -> GatewayState? {
    if case .frame(.snapshot(_, _, let state)) = event { state } else { nil }
  }

  static func record(_ event: SubscriberEvent) -> EventRecord? {
    if case .frame(.event(let record)) = event { record } else { nil }
  }

  @Test("connects, and gets the snapshot and events with the node's name")
  func connects() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let subscriber = StreamSubscriber(target: Self.target(address))
      subscriber.start()
      let state = try await Self.wait(subscriber, for: "a snapshot", Self.state)
      #expect(state.totals.requests == 7)
      fixture.bus.emit(TestEvents.stop())
      let record = try await Self.wait(subscriber, for: "an event", Self.record)
      #expect(record.node == "gw1")
      #expect(record.durationUs == 1_234)
      await subscriber.stop()
    }
  }

  @Test("a subscriber that is told the gateway is there does not wait for the end of its pause")
  func expected() async throws {
    // Nobody listens there, and the pause is a day.
    let target = try StreamTarget(parsing: "unix:/tmp/genapi-\(UUID())")
    let subscriber = StreamSubscriber(target: target, backoff: Backoff(minimumMs: 86_400_000))
    subscriber.start()
    for tries in 1...3 {
      _ = try await Self.wait(subscriber, for: "pause \(tries)") { event in
        if case .retrying = event { true } else { nil }
      }
      subscriber.expectGateway()
      _ = try await Self.wait(subscriber, for: "another try") { event in
        if case .connecting = event { true } else { nil }
      }
    }
    await subscriber.stop()
  }

  @Test("a change of the filter is pushed to the gateway")
  func update() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let subscriber = StreamSubscriber(target: Self.target(address))
      subscriber.start()
      _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
      subscriber.update(subscription: Subscription(filter: EventFilter(services: ["order_*"])))
      let narrowed = try await Self.wait(subscriber, for: "a narrowed snapshot", Self.state)
      #expect(narrowed.series.map(\.service) == ["order_service"])
      fixture.bus.emit(TestEvents.stop("user_service"))
      fixture.bus.emit(TestEvents.stop("order_service"))
      #expect(try await Self.wait(subscriber, for: "an event", Self.record).service == "order_service")
      // Whoever takes the filter away again misses nothing of the others' past.
      subscriber.update(
        subscription: Subscription(filter: EventFilter(services: ["order_*"]), narrowsState: false))
      let whole = try await Self.wait(subscriber, for: "a whole snapshot", Self.state)
      #expect(whole.series == StubSource.twoServices().series)
      fixture.bus.emit(TestEvents.stop("user_service"))
      fixture.bus.emit(TestEvents.stop("order_service"))
      #expect(try await Self.wait(subscriber, for: "an event", Self.record).service == "order_service")
      await subscriber.stop()
    }
  }

  @Test("a recording that begins in the middle of a connection has a hello and a snapshot first")
  func recordedInTheMiddle() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let subscriber = StreamSubscriber(target: Self.target(address))
      subscriber.start()
      _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
      let writer = try RecordingWriter(path: path, startedAt: 1, targets: [subscriber.target])
      subscriber.record(to: writer)
      fixture.bus.emit(TestEvents.stop())
      _ = try await Self.wait(subscriber, for: "another snapshot", Self.state)
      fixture.bus.emit(TestEvents.stop())
      _ = try await Self.wait(subscriber, for: "an event", Self.record)
      subscriber.record(to: nil)
      writer.close()
      await subscriber.stop()
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let kinds = lines.prefix(3).map { line in
      ["recording", "hello", "snapshot"].first { line.contains("\"t\":\"\($0)\"") }
    }
    #expect(kinds == ["recording", "hello", "snapshot"])
  }

  private static func change(_ event: SubscriberEvent) -> GatewayStateChange? {
    if case .frame(.state(_, _, let change)) = event, !change.series.isEmpty { change } else { nil }
  }

  @Test("who asks for changed buckets alone is told whole histograms, of all services and of some")
  func changedBuckets() async throws {
    for filter in [EventFilter(), EventFilter(services: ["order_*"])] {
      let fixture = ExporterFixture()
      try await fixture.run { address in
        let subscriber = StreamSubscriber(
          target: Self.target(address),
          subscription: Subscription(intervalMs: 100, filter: filter, changedBuckets: true))
        subscriber.start()
        _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
        for us: Int64 in [40, 1_500, 70_000] {
          fixture.source.set { $0.series[1].latency.record(us) }
          let change = try await Self.wait(subscriber, for: "a change", Self.change)
          #expect(change.series == [fixture.source.currentState().series[1]])
        }
        await subscriber.stop()
      }
    }
  }

  @Test("a recording has whole histograms, whatever its subscriber asked for before")
  func recordedWhole() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let subscriber = StreamSubscriber(
        target: Self.target(address), subscription: Subscription(intervalMs: 100, changedBuckets: true))
      subscriber.start()
      _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
      let writer = try RecordingWriter(path: path, startedAt: 1, targets: [subscriber.target])
      subscriber.record(to: writer)
      for us: Int64 in [40, 1_500, 70_000] {
        fixture.source.set { $0.series[1].latency.record(us) }
        let wanted = fixture.source.currentState().series[1]
        _ = try await Self.wait(subscriber, for: "the series") { event in
          switch event {
          case .frame(.snapshot(_, _, let state)): state.series.contains(wanted) ? true : nil
          case .frame(.state(_, _, let change)): change.series.contains(wanted) ? true : nil
          default: nil
          }
        }
      }
      subscriber.record(to: nil)
      writer.close()
      await subscriber.stop()
    }
    var reader = try RecordingReader(path: path)
    var state = GatewayState()
    while let recorded = try reader.next() {
      switch recorded.frame {
      case .snapshot(_, _, let whole): state = whole
      case .state(_, _, let change): state.apply(change)
      default: break
      }
    }
    #expect(state.series == fixture.source.currentState().series)
  }

  @Test("a token lets in; a wrong one is told in words")
  func token() async throws {
    let fixture = ExporterFixture {
      $0.token = "a secret of 16 b"
      $0.wrongTokenDelay = .milliseconds(50)
    }
    try await fixture.run { address in
      let good = StreamSubscriber(target: Self.target(address, token: "a secret of 16 b"))
      good.start()
      _ = try await Self.wait(good, for: "a snapshot", Self.state)
      await good.stop()
      let bad = StreamSubscriber(target: Self.target(address, token: "wrong"))
      bad.start()
      let message = try await Self.wait(bad, for: "a failure") { event -> String? in
        if case .refused(.unauthorized, let message) = event { message.string } else { nil }
      }
      #expect(message == "the gateway refused: the token is wrong (unauthorized)")
      await bad.stop()
    }
  }

  @Test("connects again when the gateway is back")
  func reconnects() async throws {
    let first = ExporterFixture()
    try await first.exporter.start()
    let address = first.exporter.boundAddress!
    let subscriber = StreamSubscriber(target: Self.target(address))
    subscriber.start()
    _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
    await first.exporter.stop(reason: "upgrade")
    let reason = try await Self.wait(subscriber, for: "the reason") { event -> String? in
      if case .closed(let reason) = event { reason.string } else { nil }
    }
    #expect(reason == "upgrade")
    let second = ExporterFixture { $0.addresses = [.tcp(host: "127.0.0.1", port: address.port!)] }
    try await second.run { _ in
      _ = try await Self.wait(subscriber, for: "the second snapshot", Self.state)
      await subscriber.stop()
    }
  }

  @Test("a target where nobody listens is told in words and tried again")
  func refused() async throws {
    let probe = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = probe.localAddress!.port!
    try await probe.close()
    let subscriber = StreamSubscriber(target: StreamTarget(host: "127.0.0.1", port: port))
    subscriber.start()
    let message = try await Self.wait(subscriber, for: "a failure") { event -> String? in
      if case .failed(let message) = event { message.string } else { nil }
    }
    #expect(
      message == "cannot connect to 127.0.0.1:\(port): nobody listens there (connection refused)")
    let wait = try await Self.wait(subscriber, for: "a retry") { event -> Int? in
      if case .retrying(let wait) = event { wait } else { nil }
    }
    #expect((250...500).contains(wait))
    await subscriber.stop()
  }

  @Test("what it receives can be recorded and read back")
  func records() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let target = Self.target(address)
      let writer = try RecordingWriter(path: path, startedAt: 5, targets: [target])
      let subscriber = StreamSubscriber(target: target)
      subscriber.record(to: writer)
      subscriber.start()
      _ = try await Self.wait(subscriber, for: "a snapshot", Self.state)
      fixture.bus.emit(TestEvents.stop())
      let record = try await Self.wait(subscriber, for: "an event", Self.record)
      await subscriber.stop()
      writer.close()
      #expect(writer.failure == nil)
      var reader = try RecordingReader(path: path)
      #expect(reader.header.targets == ["\(target)"])
      var frames: [Frame] = []
      while let next = try reader.next() { frames.append(next.frame) }
      #expect(frames.prefix(2).map(\.type) == ["hello", "snapshot"])
      #expect(frames.contains(.event(record)))
      #expect(Int64(frames.count) == writer.lines)
    }
  }
}
