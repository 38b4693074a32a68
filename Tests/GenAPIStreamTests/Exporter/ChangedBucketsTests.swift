import Foundation
import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("Of latencies only the buckets that changed")
struct ChangedBucketsTests {
  /// Functions that count at random, come, go, and begin anew where they are.
  private struct Gateway {
    var random: SeededRandom
    var state = GatewayState()
    var versions = EntryVersions()

    private mutating func count(_ place: Int) {
      // Few kinds of latencies for some functions, hundreds for others.
      let kinds: Int64 = place % 3 == 0 ? 1_000_000 : 5
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        state.series[place].latency.record(Int64.random(in: 0...kinds, using: &random) * 997 % 1_000_000)
      }
      state.series[place].requests += 1
    }

    mutating func step() {
      if Int.random(in: 0..<5, using: &random) == 0 {
        state.series.removeAll { _ in Int.random(in: 0..<5, using: &random) == 0 }
        for _ in 0..<4 {
          let name = ByteText("f\(Int.random(in: 0..<15, using: &random))")
          guard !state.series.contains(where: { $0.requestType == name }) else { continue }
          state.series.append(SeriesState(service: "s", requestType: name))
          count(state.series.count - 1)
        }
        state.series.sort { $0.requestType < $1.requestType }
        versions.restart(count: state.series.count)
      } else {
        versions.next()
        for place in state.series.indices where Int.random(in: 0..<3, using: &random) > 0 {
          if Int.random(in: 0..<8, using: &random) == 0 { state.series[place].latency = LatencyHistogram() }
          count(place)
          versions.changed(place)
        }
      }
    }
  }

  /// One that reads lines.
  private struct Client {
    var session: SubscriberSession
    var subscription: Subscription
    /// States between two that it gets.
    let interval: Int
    var known: Int?
    var state = GatewayState()
    var bytes = 0

    init(interval: Int, changedBuckets: Bool) {
      self.interval = interval
      subscription = Subscription(changedBuckets: changedBuckets)
      session = SubscriberSession(subscription: subscription, token: nil)
      session.opened(at: 0)
      _ = session.received(.success(.hello(Hello(node: "gw1"))), at: 1)
    }

    mutating func subscribeAgain(changedBuckets: Bool) {
      subscription.changedBuckets = changedBuckets
      _ = session.update(subscription, at: 1)
      known = nil
    }

    mutating func take(from kept: KeptState, limit: Int) throws {
      let lines: [ByteBuffer]
      if let known {
        lines = StateEncoder.change(
          at: 1, sequence: 2, kept.changes(since: known),
          buckets: subscription.changedBuckets ? kept.buckets(since: known) : [], limit: limit)
      } else {
        lines = StateEncoder.snapshot(at: 1, sequence: 2, kept.state, limit: limit)
      }
      known = kept.number
      for var line in lines {
        bytes += line.readableBytes
        line.moveWriterIndex(to: line.writerIndex - 1)
        let read = try session.completed(FrameDecoder.line(line).get()).get()
        for action in session.received(.success(read.frame), hasMore: read.hasMore, at: 2) {
          switch action {
          case .deliver(.frame(.snapshot(_, _, let state))): self.state = state
          case .deliver(.frame(.state(_, _, let change))): state.apply(change)
          case .deliver(.partialState): break
          default: Issue.record("\(action)")
          }
        }
      }
    }
  }

  private static func sorted(_ state: GatewayState) -> [SeriesState] {
    state.series.sorted { $0.entryKey < $1.entryKey }
  }

  @Test(
    """
    give the series that whole ones give, at any interval, over resubscriptions, functions that begin anew or come again, a gateway that \
    starts again and lines that are split
    """,
    arguments: 1...25)
  func equal(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var gateway = Gateway(random: SeededRandom(seed: seed + 100))
    let isVersioned = seed % 2 == 0
    func makeClients() -> [Client] {
      [(1, true), (3, true), (1, false), (4, true)].map { Client(interval: $0, changedBuckets: $1) }
    }
    var kept = KeptState()
    var clients = makeClients()
    for round in 0..<60 {
      gateway.step()
      if Int.random(in: 0..<25, using: &random) == 0 {
        // Another process: it counts from 0, and everybody connects anew.
        gateway = Gateway(random: SeededRandom(seed: seed * 1_000 + UInt64(round)))
        gateway.versions.restart(count: 0)
        (kept, clients) = (KeptState(), makeClients())
      }
      for place in clients.indices where Int.random(in: 0..<10, using: &random) == 0 {
        let isChanged = Int.random(in: 0..<4, using: &random) > 0
        clients[place].subscribeAgain(changedBuckets: isChanged)
      }
      kept.take(
        gateway.state, series: isVersioned ? gateway.versions : nil,
        oldest: clients.compactMap(\.known).min(),
        tracksBuckets: clients.contains { $0.subscription.changedBuckets })
      for place in clients.indices where round % clients[place].interval == 0 {
        try clients[place].take(from: kept, limit: [3_500, 1 << 20].randomElement(using: &random)!)
        #expect(Self.sorted(clients[place].state) == Self.sorted(gateway.state), "round \(round)")
      }
    }
  }

  @Test("take a fraction of the bytes where some of many kinds of latencies change")
  func fewer() throws {
    var state = GatewayState()
    for number in 0..<50 {
      var series = SeriesState(service: "s", requestType: "f\(number)")
      for kind in 0..<200 { series.latency.record(Int64(kind * kind * 10)) }
      state.series.append(series)
    }
    var kept = KeptState()
    var (whole, changed) = (
      Client(interval: 1, changedBuckets: false), Client(interval: 1, changedBuckets: true)
    )
    for round in 0..<6 {
      for place in state.series.indices { state.series[place].latency.record(Int64(round * 1_000)) }
      kept.take(state, series: nil, oldest: nil, tracksBuckets: true)
      try whole.take(from: kept, limit: 1 << 20)
      try changed.take(from: kept, limit: 1 << 20)
      // The snapshot is the same for both.
      if round == 0 { (whole.bytes, changed.bytes) = (0, 0) }
    }
    #expect(changed.bytes * 8 < whole.bytes, "\(changed.bytes) of \(whole.bytes)")
    #expect(changed.state.series == whole.state.series && whole.state.series == state.series)
  }

  @Test("are what the document says, byte by byte")
  func document() throws {
    let text = try String(contentsOfFile: "docs/stream.md", encoding: .utf8)
    var kept = KeptState()
    var state = GatewayState()
    var series = SeriesState(service: "user_service", requestType: "get_user")
    func take() {
      state.series = [series]
      kept.take(state, series: nil, oldest: nil, tracksBuckets: true)
    }
    for us: Int64 in [100, 1_500, 1_500, 2_570] {
      series.requests += 1
      series.outcomes["ok", default: 0] += 1
      series.latency.record(us)
      series.maxUs = max(series.maxUs, us)
    }
    take()
    let known = kept.number
    for us: Int64 in [1_490, 90] {
      series.requests += 1
      series.outcomes["ok", default: 0] += 1
      series.latency.record(us)
    }
    take()
    for isChanged in [false, true] {
      let lines = kept.lines(since: known, at: 1_760_000_002_000_000, sequence: 42, changedBuckets: isChanged)
      let line = lines.map { String(buffer: $0) }.joined()
      #expect(text.contains("\n" + line), "\(line)")
    }
  }

  @Test("come whole where a series is new, and where a bucket became smaller")
  func whole() {
    var kept = KeptState()
    var state = GatewayState()
    var series = SeriesState(service: "s", requestType: "f")
    series.latency.record(50)
    series.latency.record(50)
    state.series = [series]
    kept.take(state, series: nil, oldest: nil, tracksBuckets: true)
    let known = kept.number
    state.series[0].latency = LatencyHistogram(buckets: [(50, 1), (70, 9)], sum: 680)
    state.series.append(SeriesState(service: "s", requestType: "g", requests: 1))
    kept.take(state, series: nil, oldest: nil, tracksBuckets: true)
    #expect(kept.buckets(since: known).map { $0 == nil } == [true, true])
    state.series[0].latency.record(70)
    kept.take(state, series: nil, oldest: nil, tracksBuckets: true)
    #expect(kept.buckets(since: known).map { $0 == nil } == [true, true])
    #expect(kept.buckets(since: known + 1).first??.map(\.bucket) == [70])
    #expect(kept.buckets(since: known + 1).first??.map(\.count) == [10])
  }

  @Test("of a series that was not told are no frame, and neither are those that nobody asked for")
  func unasked() throws {
    let text =
      #"{"t":"state","at":1,"seq":2,"series":[{"service":"s","request_type":"f","requests":1,"outcomes":{},"retries":0,"#
      + #""latency":{"sum":5,"changed":[[5,1]]},"max_us":5}]}"#
    let line = ByteBuffer(string: text)
    #expect(FrameDecoder.decode(line) == .failure(FrameDecoder.bucketsAlone))
    for isAsked in [true, false] {
      let client = Client(interval: 1, changedBuckets: isAsked)
      var session = client.session
      let read = try FrameDecoder.line(line).get()
      #expect(read.changedSeries == [0])
      #expect(throws: FrameDecoder.bucketsAlone) { try session.completed(read).get() }
    }
  }

  @Test("are read alike where they lie and as values")
  func alike() throws {
    for latency in [
      #"{"sum":5,"changed":[[5,1],[9,2]]}"#, #"{"changed":[],"sum":5}"#,
      #"{"sum":5,"changed":[[5,1]],"buckets":[[7,1]]}"#,
      #"{"sum":5,"buckets":[[7,1]],"changed":[[5,1]]}"#, #"{"sum":5,"changed":7}"#, #"{"sum":5}"#,
    ] {
      let text =
        #"{"t":"state","at":1,"seq":2,"series":[{"service":"s","request_type":"f","requests":1,"outcomes":{},"retries":0,"latency":"#
        + latency + #","max_us":5}]}"#
      let read = FrameDecoder.line(ByteBuffer(string: text))
      // White space in front: read as values.
      let general = FrameDecoder.line(ByteBuffer(string: " " + text.replacing(#""t""#, with: #""x":1,"t""#)))
      #expect((try? read.get())?.changedSeries == (try? general.get())?.changedSeries, "\(latency)")
      #expect((try? read.get())?.frame == (try? general.get())?.frame, "\(latency)")
    }
  }

  @Test("a program that would keep too many histograms asks for whole ones instead")
  func bounded() throws {
    let wanted = Subscription(changedBuckets: true)
    var session = SubscriberSession(subscription: wanted, token: nil, mostLatencyBytes: 5_000)
    session.opened(at: 0)
    _ = session.received(.success(.hello(Hello(node: "gw1"))), at: 1)
    var state = GatewayState()
    for number in 0..<100 {
      state.series.append(SeriesState(service: "s", requestType: "f\(number)", requests: 1))
    }
    _ = try session.completed(FrameDecoder.Line(frame: .snapshot(at: 1, sequence: 2, state))).get()
    #expect(session.goesOnWithWholeBuckets(at: 2) == [.send(.subscribe(Subscription()))])
    #expect(session.goesOnWithWholeBuckets(at: 3) == [])
    // What comes until then of single buckets is left out: a snapshot follows.
    var change = GatewayStateChange()
    change.series = Array(state.series.prefix(2))
    let line = FrameDecoder.Line(frame: .state(at: 1, sequence: 2, change), changedSeries: [0])
    guard case .state(_, _, let left) = try session.completed(line).get().frame else { return }
    #expect(left.series.map(\.requestType) == ["f1"])
    #expect(session.update(wanted, at: 4) == [.send(.subscribe(Subscription()))])
  }
}
