import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

/// Three gateways that mostly rest: now and then functions do something, limits are asked, a gateway is silent or its clock is set back.
private struct RestingCluster {
  var fixture = ModelFixture(gateways: 3)
  var random: SeededRandom
  private var silentUntil: [Int64] = [0, 0, 0]

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private mutating func chance(of one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  private mutating func change(_ state: inout GatewayState) {
    state.process.cpuSeconds += 0.01
    if chance(of: 40) {
      state.add("users", "f\(Int.random(in: 0..<3, using: &random))", started: 2, ok: [300, 4_000])
    }
    let isUnderWay = state.series.contains { $0.requestType == "put" && $0.requests > $0.outcomes["ok"] ?? 0 }
    if isUnderWay, chance(of: 3) { state.add("orders", "put", started: 0, ok: [900]) }
    if !isUnderWay, chance(of: 90) { state.add("orders", "put", started: 1) }
    if chance(of: 60) { state.totals.eventsEmitted += 5 }
    if chance(of: 50) {
      var limit =
        state.limits.first
        ?? LimitState(id: "l1", scope: "global", key: "user_id", maxRequests: 10, windowMs: 1_000)
      limit.checks += 3
      limit.rejections += Int64.random(in: 0...1, using: &random)
      state.limits = [limit]
    }
    if chance(of: 80), let limit = state.limits.first {
      state.hotKeys = [
        HotKeyState(
          limit: limit.id, keyValue: "u1", used: 3, max: 10, resetMs: 5,
          rejections: Int64.random(in: 0...9, using: &random))
      ]
    }
  }

  mutating func pass() {
    fixture.second += 1
    if chance(of: 150) { fixture.second -= 20 }
    for index in fixture.states.indices {
      if chance(of: 100) { silentUntil[index] = fixture.second + Int64.random(in: 2...70, using: &random) }
      var state = fixture.states[index]
      change(&state)
      fixture.states[index] = state
      if fixture.second >= silentUntil[index] { fixture.send(index) }
    }
    fixture.model.tick(at: fixture.now)
  }

  mutating func settings() -> ViewSettings {
    var settings = ViewSettings()
    settings.window = [.tenSeconds, .oneMinute].randomElement(using: &random)!
    if chance(of: 5) {
      settings.moment = .at(fixture.now - Int64.random(in: 0...90, using: &random) * 1_000_000)
    }
    return settings
  }
}

@Suite("Gateways that rest")
struct StillnessTests {
  @Test(
    "rows, groups, limits and rates are what is added up anew, whatever rested how long before it began again",
    arguments: 1...8)
  func same(seed: UInt64) {
    var cluster = RestingCluster(seed: seed)
    let views = ViewCache()
    var still = 0
    for step in 0..<300 {
      cluster.pass()
      let model = cluster.fixture.model
      var settings = cluster.settings()
      #expect(
        Array(views.requests(model, settings)) == AddedUpAnew.rows(model, settings), "\(step) \(settings)")
      #expect(
        views.limits(model, settings)
          == model.limits(settings) { $0.history.refusing($1, endingAt: $2) }, "\(step) \(settings)")
      let header = model.header(settings)
      let rates = Self.rates(model, settings)
      #expect(
        header.trend == rates.trend && header.eventsPerSecond == rates.events, "\(step) \(settings)")
      settings.requestGrouping = .services
      let groups = views.requestGroups(model, settings).groups.rows
      for anew in AddedUpAnew.groups(model, settings) {
        var anew = anew
        let found = groups.first { $0.id == anew.id }
        let rate = found?.numbers.requestsPerSecond ?? .nan
        // Adding up in another order gives another last digit.
        #expect(abs(anew.numbers.requestsPerSecond - rate) < 1e-9)
        anew.numbers.requestsPerSecond = rate
        #expect(found == anew, "\(step) \(settings)")
      }
      still += model.targets.count {
        $0.history.isStill(
          endingAt: model.second(settings, $0), length: settings.window.seconds)
      }
    }
    // Otherwise nothing was tried.
    #expect(still > 40)
  }

  /// The header's rates, second by second.
  private static func rates(_ model: ClusterModel, _ settings: ViewSettings) -> (
    trend: [Double], events: Double
  ) {
    var trend = [Double](repeating: -1, count: 60)
    var events = 0.0
    for target in model.gateways where !model.isStale(target, settings) {
      let end = model.second(settings, target)
      for sample in target.history.window(endingAt: end, length: 60) {
        guard let watched = sample.rateSeconds else { continue }
        for second in max(sample.first, end - 59)...sample.second {
          let slot = 59 - Int(end - second)
          trend[slot] = max(0, trend[slot]) + Double(sample.started) / watched
        }
        if sample.first <= end, sample.second >= end { events += Double(sample.events) / watched }
      }
    }
    return (trend, events)
  }

  @Test("a window of rest is one second for what goes through it, and nothing is added up of it")
  func cost() {
    var fixture = ModelFixture()
    fixture.states[0].add("users", "get", ok: [300])
    fixture.tick()
    for _ in 0..<80 { fixture.tick { state, _ in state.process.cpuSeconds += 0.1 } }
    let model = fixture.model
    let source = model.requestSource(model.targets[0], ViewSettings())
    #expect(source.sums.seconds.count == 1 && source.sums.seconds[0].span == 60)
    let views = ViewCache()
    var found: [RequestRow] = []
    for _ in 0..<20 {
      fixture.tick { state, _ in state.process.cpuSeconds += 0.1 }
      found = Array(views.requests(fixture.model, ViewSettings()))
    }
    // What nobody asks for any more is forgotten, and counts no more.
    let additions = fixture.model.keptTotals.additions
    let looks = fixture.model.keptFindings.looks
    for _ in 0..<20 {
      fixture.tick { state, _ in state.process.cpuSeconds += 0.1 }
      #expect(Array(views.requests(fixture.model, ViewSettings())) == found)
    }
    #expect(fixture.model.keptTotals.additions <= additions && fixture.model.keptFindings.looks == looks)
    #expect(views.requestWork.orders <= 1 && views.requestWork.names <= 1)
  }

  @Test(
    "a pause of the program itself is no silence of a gateway; one that says nothing after it is silent in its time"
  )
  func ownPause() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<5 { fixture.tick() }
    fixture.second += 30
    fixture.model.noteOwnPause(of: 29_000_000)
    // What waited comes one after the other.
    fixture.send(0)
    fixture.model.tick(at: fixture.now)
    #expect(fixture.model.header(ViewSettings()).nodesUp == 2)
    #expect(!fixture.model.alertRows.contains { $0.isFiring })
    for _ in 0..<4 {
      fixture.second += 1
      fixture.send(0)
      fixture.model.tick(at: fixture.now)
    }
    #expect(fixture.model.header(ViewSettings()).nodesUp == 1)
    fixture.model.noteOwnPause(of: .max)
    fixture.model.noteOwnPause(of: .min)
    fixture.model.tick(at: fixture.now)
    #expect(fixture.model.header(ViewSettings()).nodesUp == 2)
  }

  @Test(
    "what was told during a pause of the program is of the seconds it was told in, though it comes at once")
  func toldDuringPause() {
    var fixture = ModelFixture()
    for _ in 0..<20 { fixture.tick { state, _ in state.add(ok: [300, 300]) } }
    let pausedAt = fixture.second
    let end = fixture.now + 9_000_000
    fixture.model.noteOwnPause(of: 8_000_000)
    for _ in 0..<9 {
      fixture.second += 1
      fixture.states[0].add(ok: [300, 300])
      let change = fixture.states[0].changes(since: fixture.model.targets[0].state)
      fixture.model.fold(.frame(.state(at: fixture.now, sequence: 0, change)), of: 0, at: end)
    }
    fixture.model.tick(at: end)
    let samples = fixture.model.targets[0].history.samples.filter {
      $0.second > ModelFixture.start / 1_000_000 + pausedAt
    }
    #expect(samples.map(\.started) == Array(repeating: 2, count: 9))
    #expect(samples.allSatisfy { !$0.isGuess })
    #expect(fixture.model.header(ViewSettings()).requestsPerSecond == 2)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [300, 300]) } }
    #expect(fixture.model.requests(ViewSettings()).map(\.requestsPerSecond) == [2])
  }

  @Test("limits that nobody asked are not made again; one that is asked, or told otherwise, is")
  func limits() {
    var fixture = ModelFixture(gateways: 2)
    var made = 0
    // Not as rules ask for it.
    var settings = ViewSettings()
    settings.window = .tenSeconds
    func rows(_ fixture: ModelFixture) -> [LimitRow] {
      fixture.model.limitsMade.made(
        fixture.model, settings, facts: { LimitFacts.of(fixture.model, settings) }
      ) {
        made += 1
        return fixture.model.limits(settings)
      }
    }
    for index in 0...1 {
      fixture.states[index].limits = [
        LimitState(id: "l1", scope: "global", key: "user_id", maxRequests: 10, windowMs: 1_000)
      ]
    }
    // Until what keys are counted from is what they are.
    for _ in 0..<15 { fixture.tick() }
    _ = rows(fixture)
    let first = made
    for _ in 0..<100 {
      fixture.tick { state, _ in state.process.cpuSeconds += 0.1 }
      _ = rows(fixture)
    }
    #expect(made == first && first == 1)
    fixture.tick { state, index in if index == 1 { state.limits[0].checks += 60 } }
    #expect(rows(fixture).first?.checksPerSecond == 6)
    fixture.tick()
    _ = rows(fixture)
    let asked = made
    #expect(asked == first + 2)
    // Gone silent it does not count, and its row says so.
    for _ in 0..<5 {
      fixture.second += 1
      fixture.send(0)
      fixture.model.tick(at: fixture.now)
    }
    #expect(rows(fixture).first?.checksPerSecond == 0)
  }
}
