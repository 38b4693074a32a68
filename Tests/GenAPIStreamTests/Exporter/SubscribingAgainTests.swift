import Foundation
import GenAPITelemetry
import GenAPIValue
import Locking
import NIOCore
import Testing

@testable import GenAPIStream

@Suite("Subscribing again sooner than a snapshot is made")
struct SubscribingAgainTests {
  private static func answer(_ request: StateRequest, sequence: Int64 = 7) -> StateAnswer {
    StateAnswer(
      id: request.id, generation: request.generation, sequence: sequence, known: .number(1), lines: [])
  }

  private static func request(_ feed: inout SubscriberFeed, at now: Int64) throws -> StateRequest {
    let request = feed.takeRequest(id: 1, at: now)
    return try #require(request)
  }

  @Test(
    "gets the snapshot that is being made, and then that of the newest wish: a filter typed letter by letter has numbers"
  )
  func underWay() throws {
    var feed = SubscriberFeed(Subscription(), after: nil, at: 0)
    var sent: [Int] = []
    var now: Int64 = 0
    for _ in 0..<20 {
      let request = try Self.request(&feed, at: now)
      // Three letters while it is made.
      for _ in 0..<3 { feed = SubscriberFeed(Subscription(), after: feed, at: now + 100) }
      let answer = Self.answer(request)
      #expect(feed.expects(answer))
      _ = feed.took(answer)
      sent.append(request.generation)
      #expect(feed.isAwaitingState)
      now += 400
    }
    // None of them waits for more than the one that was being made.
    #expect(sent.first == 1 && zip(sent, sent.dropFirst()).allSatisfy { $1 - $0 == 3 })
    let last = try Self.request(&feed, at: now)
    #expect(last.generation == feed.generation && last.isFirst)
    _ = feed.took(Self.answer(last))
    #expect(!feed.isAwaitingState)
  }

  @Test("events that waited for the first snapshot follow it, and newer ones do not wait for the next")
  func held() throws {
    var feed = SubscriberFeed(Subscription(), after: nil, at: 0)
    let request = try Self.request(&feed, at: 0)
    feed = SubscriberFeed(Subscription(), after: feed, at: 1)
    #expect(feed.isHolding && feed.hold(ByteBuffer(string: "e"), sequence: 9, limit: 100))
    #expect(feed.took(Self.answer(request)).map(\.0) == [9])
    #expect(!feed.isHolding && feed.isPastSnapshot(8) && !feed.isPastSnapshot(7))
    let own = try Self.request(&feed, at: 500)
    #expect(feed.took(Self.answer(own, sequence: 20)).isEmpty)
    #expect(feed.isPastSnapshot(8))
  }

  @Test("changes for an earlier wish, and snapshots for one who wants none, are not sent")
  func unwanted() throws {
    var feed = SubscriberFeed(Subscription(), after: nil, at: 0)
    let first = try Self.request(&feed, at: 0)
    #expect(!SubscriberFeed(Subscription(snapshot: false), after: feed, at: 1).expects(Self.answer(first)))
    _ = feed.took(Self.answer(first))
    let change = try Self.request(&feed, at: 2_000)
    #expect(!change.isFirst)
    feed = SubscriberFeed(Subscription(), after: feed, at: 2_001)
    #expect(!feed.expects(Self.answer(change)))
  }

  /// A gateway whose state is there when the test says so.
  private final class SlowSource: StateSource {
    private let asked = Mutex(0)
    private let releases = Mutex(0)

    var timesAsked: Int { asked.withLock { $0 } }
    func release() { releases.withLock { $0 += 1 } }

    func currentState() -> GatewayState {
      let turn = asked.withLock { asked in
        asked += 1
        return asked
      }
      while releases.withLock({ $0 }) < turn { sched_yield() }
      return GatewayState()
    }
  }

  @Test("over a socket: a snapshot comes for each that was begun, however fast wishes follow")
  func socket() async throws {
    let source = SlowSource()
    var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    configuration.closeTimeout = .milliseconds(300)
    let exporter = StreamExporter(
      configuration: configuration, bus: TelemetryBus(node: "gw1"), source: source)
    try await exporter.start()
    let client = try await LineClient.connect(to: exporter.boundAddress!)
    try await client.send(#"{"t":"subscribe"}"#)
    for round in 1...4 {
      while source.timesAsked < round { await Task.yield() }
      // While it is made another wish comes, and is taken: the pong is behind it.
      try await client.send(#"{"t":"subscribe","interval_ms":60000}"#)
      try await client.send(#"{"t":"ping"}"#)
      _ = try await client.next("a pong") { $0.type == "pong" ? true : nil }
      source.release()
      _ = try await client.snapshot()
    }
    for _ in 0..<100 { source.release() }
    await exporter.stop(reason: "the test is over")
  }
}
