import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("The past in coarse steps")
struct CoarseHistoryTests {
  /// Seven requests in each of so many seconds; whatever else is in some of them.
  private func watched(
    _ seconds: Int, silent: ClosedRange<Int64>? = nil,
    _ change: (inout GatewayState, Int64) -> Void = { _, _ in }
  ) -> ModelFixture {
    var fixture = ModelFixture()
    for _ in 0..<seconds {
      fixture.second += 1
      var state = fixture.states[0]
      state.add("s", "f", ok: Array(repeating: 2_000, count: 7))
      change(&state, fixture.second)
      fixture.states[0] = state
      if silent?.contains(fixture.second) != true { fixture.send(0) }
      fixture.model.tick(at: fixture.now)
    }
    return fixture
  }

  private func at(_ second: Int64, _ window: StatisticsWindow = .oneMinute) -> ViewSettings {
    var settings = ViewSettings()
    settings.window = window
    settings.moment = .at(ModelFixture.start + second * 1_000_000)
    return settings
  }

  @Test("what is more than two minutes ago is kept in steps of ten seconds, and nothing of it is lost")
  func steps() {
    let history = watched(500).model.targets[0].history
    let last = ModelFixture.start / 1_000_000 + 500
    #expect(history.samples.reduce(0) { $0 + $1.started } == 500 * 7)
    #expect(history.sampleBytes == history.samples.reduce(0) { $0 + $1.storedBytes })
    #expect(history.samples.count < 180)
    for (one, next) in zip(history.samples, history.samples.dropFirst()) {
      #expect(next.first == one.second + 1 && one.span <= 10)
      #expect(one.span == 1 || one.second % 10 == 0)
      #expect(one.second > last - 120 ? one.span == 1 : true)
    }
    #expect(history.samples.dropFirst().prefix(30).allSatisfy { $0.span == 10 })
  }

  @Test(
    "rates, latencies and trends of windows across the boundary are those of all seconds",
    arguments: [
      StatisticsWindow.tenSeconds, .oneMinute, .fiveMinutes, .fifteenMinutes,
    ])
  func windows(window: StatisticsWindow) {
    var fixture = watched(600)
    let views = ViewCache()
    // From one step to the next, live and back to where there are steps only.
    for _ in 0..<12 {
      fixture.tick { state, _ in state.add("s", "f", ok: Array(repeating: 2_000, count: 7)) }
      for back: Int64 in [0, 3, 115, 121, 128, 130, 200, 205, 400] {
        let settings = at(fixture.second - back, window)
        let row = views.requests(fixture.model, settings)[0]
        #expect(abs(row.requestsPerSecond - 7) < 0.001 && row.isKept && !row.isStale, "\(back)")
        if Int(fixture.second - back) > window.seconds + 20 {
          #expect(row.trend.allSatisfy { abs($0 - 7) < 0.001 }, "\(back) \(row.trend)")
        }
        let anew = AddedUpAnew.rows(fixture.model, settings)[0]
        #expect(anew.p99 == row.p99 && abs(anew.requestsPerSecond - row.requestsPerSecond) < 1e-9)
        #expect(zip(anew.trend, row.trend).allSatisfy { abs($0 - $1) < 1e-9 })
        let header = fixture.model.header(settings)
        #expect(abs(header.requestsPerSecond - 7) < 0.001, "\(back)")
        #expect(header.trend.allSatisfy { $0 < 0 || abs($0 - 7) < 0.001 })
        #expect(header.stepSeconds == (back > 128 ? 10 : back < 120 ? 1 : header.stepSeconds))
        let latency = fixture.model.latency(settings, slots: 30)
        #expect(latency.slots.reduce(0) { $0 + $1.bands.reduce(0, +) } == latency.count)
        if Int(fixture.second - back) > window.seconds + 20 {
          #expect(latency.slots.allSatisfy { $0.p50 != nil } || window == .tenSeconds)
        }
        let nodes = fixture.model.nodes(settings)
        #expect(nodes.allSatisfy { abs(($0.requestsPerSecond ?? 7) - 7) < 0.001 })
      }
      let live = fixture.model.requests(
        {
          var settings = ViewSettings()
          settings.window = window
          return settings
        }())[0]
      #expect(abs(live.requestsPerSecond - 7) < 0.001)
    }
  }

  @Test(
    "each second of a step has the latencies of all of it, and what was seldom is not all in the step's last second"
  )
  func seldom() {
    let took: [Int64] = [300, 500, 900, 1_500, 2_000, 2_500, 3_000, 4_000, 7_000, 12_000]
    let model = watched(400) { state, second in
      state.add("s", "f", ok: [took[Int(second) % took.count], took[Int(second * 3) % took.count]])
    }.model
    let view = model.latency(at(200), slots: 60)
    let all = view.slots.dropFirst(10).dropLast(10)
    // Nine in each second, seven of them alike; whatever else was has one request in ten seconds or two.
    let medians = Set(all.compactMap(\.p50))
    let slowest = all.compactMap(\.p99)
    #expect(medians.count == 1)
    #expect(slowest.count == all.count && slowest.allSatisfy { $0 > 6_000 })
    let counts = view.slots.map { $0.bands.reduce(0, +) }
    #expect(counts.reduce(0, +) == view.count)
    #expect(all.allSatisfy { (5...14).contains($0.bands.reduce(0, +)) }, "\(counts)")
  }

  @Test("what happened at a moment is in the window that ends at it, wherever in a step it is")
  func spike() {
    for spike: Int64 in [100, 101, 105, 110, 111] {
      let model = watched(260) { state, second in
        if second == spike { state.add("s", "f", failed: [5_000_000]) }
      }.model
      #expect(model.requests(at(spike, .tenSeconds))[0].errorPercent > 0, "\(spike)")
      #expect(model.requests(at(spike + 11, .tenSeconds))[0].errorPercent >= 0)
      #expect(model.requests(at(spike + 20, .tenSeconds))[0].errorPercent == 0, "\(spike)")
      #expect(model.requests(at(spike - 11, .tenSeconds))[0].errorPercent == 0, "\(spike)")
    }
  }

  @Test("what is under way at the end of a step is what was then, not what was once within it")
  func inFlight() {
    let model = watched(400) { state, second in
      if second == 104 { state.add("s", "slow", started: 3) }
      if second == 107 { state.add("s", "slow", started: 0, ok: [3_000_000, 3_000_000, 3_000_000]) }
      if second == 118 { state.add("s", "late", started: 2) }
    }.model
    func inFlight(_ type: ByteText, _ second: Int64) -> Int64? {
      model.requests(at(second)).first { $0.requestType == type }?.inFlight
    }
    #expect(inFlight("slow", 110) == 0)
    #expect(inFlight("late", 120) == 2)
  }

  @Test("seconds of which nothing came stay unknown when they are long ago")
  func gap() {
    var fixture = ModelFixture()
    for second in 1...500 as ClosedRange<Int64> {
      fixture.second = second
      fixture.states[0].add("s", "f", ok: [1_000])
      // It was away for longer than anybody can tell what happened then.
      if !(100...190).contains(second) { fixture.send(0) }
      fixture.model.tick(at: fixture.now)
    }
    for second: Int64 in [110, 150, 185] {
      #expect(fixture.model.header(at(second)).isNothingKept, "\(second)")
      #expect(!fixture.model.requests(at(second))[0].isKept)
    }
    for second: Int64 in [60, 98, 195, 205, 300] {
      #expect(!fixture.model.header(at(second)).isNothingKept, "\(second)")
    }
  }

  @Test(
    "where there is no memory for all, the gateway that takes most gives way, and the screen is told how far back it goes"
  )
  func budget() {
    var fixture = ModelFixture(gateways: 3)
    fixture.model.sampleBudget = 150_000
    for second in 0..<300 {
      fixture.tick { state, gateway in
        // The first tells of sixty functions, the others of two.
        for number in 0..<(gateway == 0 ? 60 : 2) {
          state.add("s", "f\(number)", ok: [1_000, Int64(1_000 + second * 50)])
        }
      }
    }
    let histories = fixture.model.targets.map(\.history)
    #expect(histories.reduce(0) { $0 + $1.sampleBytes } <= 150_000)
    #expect(histories[0].shortSeconds ?? 900 < 250)
    #expect(histories[1].samples.first?.first == histories[2].samples.first?.first)
    #expect(fixture.model.header(ViewSettings()).shortSeconds == histories.compactMap(\.shortSeconds).min())
    // What is left is right.
    let row = fixture.model.requests(at(fixture.second - 5)).first
    #expect(row?.isKept == true)
  }
}
