import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Requests and latencies")
struct RequestViewTests {
  private var settings: ViewSettings {
    var settings = ViewSettings()
    settings.window = .tenSeconds
    return settings
  }

  @Test("rate, percentages and percentiles are those of the window, over all gateways")
  func numbers() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 {
      fixture.tick { state, _ in
        state.add(ok: [1_000, 1_000, 1_000], failed: [50_000], rejected: [10])
      }
    }
    let row = fixture.model.requests(settings)[0]
    #expect(row.requestsPerSecond == 10)
    #expect(row.errorPercent == 20)
    #expect(row.rejectedPercent == 20)
    #expect(row.inFlight == 0)
    #expect(abs(Double(row.p50 ?? 0) - 1_000) <= 10)
    #expect(abs(Double(row.p99 ?? 0) - 50_000) <= 500)
    #expect(row.trend.count == 10)
    #expect(row.trend.allSatisfy { $0 == 10 })
    #expect(!row.isStale)
  }

  @Test("what lies before the window does not count")
  func window() {
    var fixture = ModelFixture()
    for _ in 0..<20 { fixture.tick { state, _ in state.add(ok: [900_000]) } }
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [100]) } }
    #expect(fixture.model.requests(settings)[0].max == 100)
    var wide = settings
    wide.window = .oneMinute
    #expect((fixture.model.requests(wide)[0].max ?? 0) > 890_000)
  }

  @Test("requests that have not ended are in flight")
  func inFlight() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.add(started: 5, ok: [1, 1]) }
    #expect(fixture.model.requests(settings)[0].inFlight == 3)
  }

  @Test("a gateway that starts anew makes no negative rates")
  func restart() {
    var fixture = ModelFixture()
    for _ in 0..<5 { fixture.tick { state, _ in state.add(ok: [1, 1, 1, 1]) } }
    fixture.model.fold(.failed("gone"), of: 0, at: fixture.now)
    fixture.states[0] = GatewayState()
    fixture.second += 1
    fixture.model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 2)), of: 0, at: fixture.now)
    fixture.send(0, isSnapshot: true)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1]) } }
    let row = fixture.model.requests(settings)[0]
    #expect(row.trend.allSatisfy { $0 >= 0 })
    #expect(fixture.model.header(settings).requestsPerSecond == 1)
  }

  @Test(
    "the totals of a gateway are right however many functions it has, and what is beyond the bound is said to be left out"
  )
  func manyFunctions() {
    for (count, told, cut) in [(3_000, 3_000.0, Int64(0)), (12_100, 12_000, 100)] {
      var fixture = ModelFixture()
      fixture.states[0].series = (0..<count).map { SeriesState(service: "s", requestType: "f\($0)") }
      fixture.send(0)
      fixture.tick { state, _ in
        for index in state.series.indices {
          state.series[index].requests += 1
          state.series[index].outcomes["ok", default: 0] += 1
        }
      }
      let header = fixture.model.header(settings)
      #expect(header.requestsPerSecond == told && header.cut == cut, "\(count)")
    }
  }

  @Test(
    "a function that pauses, and one that goes and comes back at another position, counts what it did and no more"
  )
  func order() {
    var fixture = ModelFixture()
    for _ in 0..<3 {
      fixture.tick { state, _ in for name in ["a", "b", "c"] { state.add("s", name, ok: [1]) } }
    }
    // b pauses; a goes.
    fixture.tick { state, _ in
      state.series.removeAll { $0.requestType == "a" }
      state.add("s", "c", ok: [1, 1])
    }
    fixture.tick { state, _ in
      state.add("s", "b", ok: [1])
      state.series.insert(SeriesState(service: "s", requestType: "z", requests: 5), at: 0)
    }
    let trends = Dictionary(
      uniqueKeysWithValues: fixture.model.requests(settings).map {
        ($0.requestType, $0.trend.suffix(5).map { max(0, $0) })
      })
    #expect(trends["a"] == [1, 1, 1, 0, 0] && trends["b"] == [1, 1, 1, 0, 1])
    #expect(trends["c"] == [1, 1, 1, 2, 0] && trends["z"] == [0, 0, 0, 0, 5])
  }

  @Test("a moment of the past is shown as it was")
  func past() {
    var fixture = ModelFixture()
    for _ in 0..<20 { fixture.tick { state, _ in state.add(ok: [1]) } }
    let then = fixture.now
    for _ in 0..<20 { fixture.tick { state, _ in state.add(ok: [1, 1, 1]) } }
    var settings = settings
    #expect(fixture.model.requests(settings)[0].requestsPerSecond == 3)
    settings.moment = .at(then)
    #expect(fixture.model.requests(settings)[0].requestsPerSecond == 1)
    #expect(fixture.model.header(settings).secondsBack == 20)
  }

  @Test("a gateway that is silent leaves its last numbers, marked stale")
  func stale() {
    var fixture = ModelFixture()
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1, 1]) } }
    fixture.model.tick(at: fixture.now + 4_000_000)
    let row = fixture.model.requests(settings)[0]
    #expect(row.isStale)
    #expect(row.requestsPerSecond == 2)
    #expect(fixture.model.header(settings).nodesUp == 0)
  }

  @Test("a silent gateway's last numbers are not added to those of a gateway that is there")
  func staleBesideLive() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 {
      fixture.tick { state, gateway in
        state.add(ok: gateway == 0 ? [900, 900, 900] : [100])
        if gateway == 0 { state.add("orders", "list", ok: [1]) }
      }
    }
    func row(_ service: ByteText) -> RequestRow {
      fixture.model.requests(settings).first { $0.service == service }!
    }
    #expect(row("users").requestsPerSecond == 4)
    // The first gateway says nothing more.
    for _ in 0..<10 {
      fixture.second += 1
      fixture.states[1].add(ok: [100])
      fixture.send(1)
      fixture.model.tick(at: fixture.now)
    }
    #expect(row("users").requestsPerSecond == 1 && !row("users").isStale)
    #expect(row("users").max.map { $0 < 900 } == true)
    #expect(fixture.model.latency(settings, slots: 10).max.map { $0 < 900 } == true)
    // What only it has keeps its last numbers, marked.
    #expect(row("orders").requestsPerSecond == 1 && row("orders").isStale)
  }

  @Test("rows sort by every column, both ways, and never by chance")
  func sorting() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.add("b", "x", ok: [5_000])
      state.add("a", "y", ok: [1, 1], failed: [1])
      state.add("c", "z", ok: [9_000], rejected: [1])
    }
    func order(_ sort: RequestSort, reversed: Bool = false) -> String {
      var settings = settings
      settings.requestSort = sort
      settings.isSortReversed = reversed
      return fixture.model.requests(settings).map(\.service).joined()
    }
    #expect(order(.service) == "abc")
    #expect(order(.service, reversed: true) == "cba")
    #expect(order(.type) == "bac")
    #expect(order(.rate) == "acb")
    // Those of which nothing failed are in the order of their rates.
    #expect(order(.errors) == "acb")
    #expect(order(.rejected) == "cab")
    #expect(order(.p99) == "cba")
    #expect(order(.p99, reversed: true) == "abc")
  }

  @Test("latency slots cover the window, oldest first, and the bands hold every request")
  func latency() {
    var fixture = ModelFixture()
    for second in 0..<10 { fixture.tick { state, _ in state.add(ok: second < 5 ? [200, 200] : [40_000]) } }
    let view = fixture.model.latency(settings, slots: 10)
    #expect(view.slots.count == 10)
    #expect(abs(Double(view.slots[0].p50 ?? 0) - 200) <= 2)
    #expect(abs(Double(view.slots[9].p50 ?? 0) - 40_000) <= 400)
    #expect(view.count == 15)
    #expect(view.histogram.reduce(0, +) == 15)
    #expect(view.slots.allSatisfy { $0.bands.count == view.bandBounds.count })
    #expect(view.bandBounds == view.bandBounds.sorted())
  }

  @Test("latency is of the scope: all, a service, or a function")
  func scope() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.add("a", "x", ok: [1])
      state.add("a", "y", ok: [1, 1])
      state.add("b", "x", ok: [1, 1, 1])
    }
    func count(_ scope: LatencyScope) -> Int64 {
      var settings = settings
      settings.latencyScope = scope
      return fixture.model.latency(settings, slots: 5).count
    }
    #expect(count(.all) == 6)
    #expect(count(.service("a")) == 3)
    #expect(count(.function(service: "a", requestType: "y")) == 2)
  }

  @Test("frames more often than once a second add up, and late ones leave no gap")
  func pace() {
    var fixture = ModelFixture()
    var now = ModelFixture.start
    for _ in 0..<50 {
      now += 200_000
      fixture.states[0].add(ok: [1])
      let change = fixture.states[0].changes(since: fixture.model.targets[0].state)
      fixture.model.fold(.frame(.state(at: now, sequence: 0, change)), of: 0, at: now)
    }
    let total = fixture.model.targets[0].history.samples.reduce(0) { sum, sample in
      sum + sample.series.reduce(0) { $0 + Int($1.started) }
    }
    #expect(total == 50)
    // The second that goes on is not shown as a slow one.
    #expect(fixture.model.header(settings).requestsPerSecond == 5)
    let seconds = fixture.model.targets[0].history.samples.map(\.second)
    #expect(seconds == seconds.sorted())
    #expect(Set(seconds).count == seconds.count)
  }

  @Test("a frame that comes a little early does not double a second")
  func early() {
    var fixture = ModelFixture()
    for offset in [1_050_000, 2_020_000, 2_990_000, 3_960_000, 5_010_000, 6_070_000] as [Int64] {
      fixture.states[0].add(ok: [1, 1])
      let change = fixture.states[0].changes(since: fixture.model.targets[0].state)
      fixture.model.fold(.frame(.state(at: 0, sequence: 0, change)), of: 0, at: ModelFixture.start + offset)
    }
    let started = fixture.model.targets[0].history.samples.dropFirst().map { $0.series.first?.started ?? 0 }
    #expect(started == [2, 2, 2, 2, 2, 2])
  }

  @Test("what happened between two frames far apart is spread over the seconds between")
  func spread() {
    var fixture = ModelFixture()
    fixture.second = 5
    fixture.states[0].add(ok: [1, 1, 1, 1, 1, 1, 1])
    fixture.send(0)
    let started = fixture.model.targets[0].history.samples.dropFirst().map { $0.series.first?.started ?? 0 }
    // The fifth second is still going on.
    #expect(started == [1, 2, 2, 2])
  }

  @Test(
    "functions and groups that have equally many under way stand by their rates", arguments: [false, true])
  func inFlightTies(isReversed: Bool) {
    var fixture = ModelFixture()
    for _ in 0..<5 {
      fixture.tick { state, _ in
        state.add("a", "idle", ok: [])
        state.add("b", "slow", ok: [1_000])
        state.add("c", "busy", ok: [1_000, 1_000, 1_000])
      }
    }
    fixture.tick { state, _ in state.add("d", "waits", started: 1) }
    var settings = ViewSettings()
    (settings.requestSort, settings.isSortReversed) = (.inFlight, isReversed)
    let expected: [ByteText] = isReversed ? ["c", "b", "a", "d"] : ["d", "c", "b", "a"]
    #expect(fixture.model.requests(settings).map(\.service) == expected)
    settings.requestGrouping = .services
    #expect(fixture.model.requestGroups(settings)?.rows.map(\.name) == expected)
  }

  @Test("history is bounded to 15 minutes and its memory is as stated")
  func bound() {
    var fixture = ModelFixture()
    for _ in 0..<TargetHistory.seconds + 20 {
      fixture.tick { state, _ in
        for function in 0..<5 { state.add("s", "f\(function)", ok: [500, 900, 12_000]) }
      }
    }
    let history = fixture.model.targets[0].history
    #expect(history.samples.count <= TargetHistory.seconds)
    #expect(history.slow.count <= TargetHistory.seconds + 1)
    let bytes = history.samples.reduce(0) { $0 + $1.series.storedBytes }
    // 5 functions; 100 take twenty times as much: within the half a megabyte the documentation states, but for what each second takes.
    #expect((bytes - 64 * history.samples.count) * 20 < 500_000)
  }
}
