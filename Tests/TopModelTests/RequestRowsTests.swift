import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

/// Three gateways whose functions do something now and then, some of which are silent for a while.
private struct RandomCluster {
  var fixture = ModelFixture(gateways: 3)
  var random: SeededRandom
  private var silentUntil: [Int64] = [0, 0, 0]

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private mutating func happen(_ state: inout GatewayState) {
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let service = ["users", "orders", "a10", "a9", "(unsupported)"].randomElement(using: &random)!
      let type = "f\(Int.random(in: 0..<4, using: &random))"
      let version: ByteText? = [nil, "1.0.0", "2.0.0"].randomElement(using: &random)!
      let slow: [Int64] = [300, 4_000, 995_000, 1_000_000, 1_003_000, 1_010_000, 60_000_000]
      func latencies(_ most: Int) -> [Int64] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in slow.randomElement(using: &random)! }
      }
      let (ok, failed) = (latencies(6), latencies(1))
      let rejected = latencies(1)
      state.add(
        service, type, version: version,
        started: Int64(ok.count + failed.count + rejected.count + Int.random(in: 0...1, using: &random)),
        ok: ok,
        failed: failed, rejected: rejected)
    }
    guard !state.series.isEmpty, Int.random(in: 0...3, using: &random) == 0 else { return }
    let index = Int.random(in: state.series.indices, using: &random)
    state.series[index].lastError = "error \(fixture.second)"
    state.series[index].lastErrorAt = fixture.now
    state.series[index].lastRefusal = "refused \(fixture.second)"
    state.series[index].lastRefusalAt = fixture.now
  }

  mutating func pass() {
    fixture.second += 1
    for index in fixture.states.indices {
      if Int.random(in: 0..<30, using: &random) == 0 {
        silentUntil[index] = fixture.second + Int64.random(in: 2...12, using: &random)
      }
      var state = fixture.states[index]
      happen(&state)
      fixture.states[index] = state
      if fixture.second >= silentUntil[index] { fixture.send(index) }
    }
    fixture.model.tick(at: fixture.now)
  }

  mutating func settings() throws -> ViewSettings {
    var settings = ViewSettings()
    settings.requestSort = RequestSort.allCases.randomElement(using: &random)!
    settings.isSortReversed = Bool.random(using: &random)
    settings.window = [.tenSeconds, .oneMinute, .fiveMinutes].randomElement(using: &random)!
    let filters = ["", "", "", "service:users", "-service:a*", "node:gw2", "-node:gw1 type:f1"]
    settings.filter = try FilterExpression(parsing: filters.randomElement(using: &random)!)
    if Int.random(in: 0..<5, using: &random) == 0 {
      settings.moment = .at(fixture.now - Int64.random(in: 0...40, using: &random) * 1_000_000)
    }
    return settings
  }
}

@Suite("Rows of functions that are made when they are asked for")
struct RequestRowsTests {
  @Test("they are those that are all made, in the same order, over random histories", arguments: 1...6)
  func same(seed: UInt64) throws {
    var cluster = RandomCluster(seed: seed)
    let views = ViewCache()
    for _ in 0..<80 {
      cluster.pass()
      let settings = try cluster.settings()
      let expected = AddedUpAnew.rows(cluster.fixture.model, settings)
      let rows = views.requests(cluster.fixture.model, settings)
      #expect(Array(rows) == expected, "\(settings)")
      #expect(Array(rows.ids) == expected.map(\.id))
      #expect(expected.indices.allSatisfy { rows.ids.firstIndex(of: expected[$0].id) == $0 })
      #expect(rows.troubled == expected.count { $0.trouble > 1 })
      #expect(rows.names.count == expected.count)
      for row in expected.prefix(3) {
        #expect(rows.row(row.id) == row)
        #expect(rows.hasOtherVersions(row) == RequestRows(expected).hasOtherVersions(row))
      }
      #expect(rows.rows { $0.service == "users" } == expected.filter { $0.service == "users" })
    }
  }

  @Test(
    "what the history has of each function is what the gateway counted, over random histories",
    arguments: 1...4)
  func counted(seed: UInt64) {
    var cluster = RandomCluster(seed: seed)
    for _ in 0..<150 {
      cluster.pass()
      for target in cluster.fixture.model.targets {
        var started: [Int32: Int64] = [:]
        var finished: [Int32: Int64] = [:]
        for sample in target.history.samples {
          for delta in sample.series {
            started[delta.series, default: 0] += Int64(delta.started)
            finished[delta.series, default: 0] += delta.finished
          }
        }
        for series in target.state.series {
          guard let number = target.history.series.find(series.entryKey) else { continue }
          let ended = series.outcomes.values.reduce(0, +)
          let last = target.history.samples.last?.series.delta(of: Int(number))
          let isRight =
            started[number, default: 0] == series.requests && finished[number, default: 0] == ended
            && Int64(last?.inFlight ?? 0) == series.requests - ended
          if !isRight { Issue.record("\(series.entryKey) at \(cluster.fixture.second)") }
        }
      }
    }
  }

  @Test(
    "groups have what adding up all of their functions anew gives, over random histories", arguments: 1...4)
  func groups(seed: UInt64) throws {
    var cluster = RandomCluster(seed: seed)
    let views = ViewCache()
    for _ in 0..<60 {
      cluster.pass()
      var settings = try cluster.settings()
      settings.requestGrouping = [.services, .gateways, .versions].randomElement(using: &cluster.random)!
      let found = views.requestGroups(cluster.fixture.model, settings).groups
      let rates = Dictionary(
        found.rows.map { ($0.id, $0.numbers.requestsPerSecond) }, uniquingKeysWith: { $1 })
      // Adding up in another order gives another last digit, by which groups would stand in another order.
      let expected = AddedUpAnew.groups(cluster.fixture.model, settings).map { group in
        var group = group
        let rate = rates[group.id] ?? .nan
        #expect(abs(group.numbers.requestsPerSecond - rate) < 1e-9)
        group.numbers.requestsPerSecond = rate
        return group
      }
      let ordered = expected.sorted { settings.precedes($0.numbers, $1.numbers) }
      #expect(found.rows.map(\.id) == ordered.map(\.id), "\(settings)")
      for (own, other) in zip(found.rows, ordered) { #expect(own == other, "\(settings)") }
    }
  }

  @Test("details of a function have what adding it up anew gives, over random histories")
  func details() throws {
    var cluster = RandomCluster(seed: 12)
    for _ in 0..<60 {
      cluster.pass()
      let (model, settings) = (cluster.fixture.model, try cluster.settings())
      for row in AddedUpAnew.rows(model, settings).prefix(3) {
        let view = model.function(
          service: row.service, requestType: row.requestType, version: row.version, settings)
        let parts = view.gateways.filter { $0.isStale == row.isStale }
        #expect(abs(parts.reduce(0) { $0 + $1.requestsPerSecond } - row.requestsPerSecond) < 1e-9)
        #expect(parts.reduce(0) { $0 + $1.inFlight } == row.inFlight)
        #expect(parts.reduce(0) { $0 + $1.retries } == row.retries)
        if parts.count == 1 { #expect(parts[0].p99 == row.p99 && parts[0].errorPercent == row.errorPercent) }
      }
    }
  }

  @Test("after a state only what did something is added up and looked at by rules, of however many functions")
  func changed() {
    var fixture = ModelFixture()
    let views = ViewCache()
    fixture.tick { state, _ in for number in 0..<300 { state.add("s", "f\(number)", ok: [1_000]) } }
    for _ in 0..<70 { fixture.tick { state, _ in state.add("s", "f7", ok: [1_000]) } }
    _ = views.requests(fixture.model, ViewSettings())
    let (additions, looks) = (fixture.model.keptTotals.additions, fixture.model.keptFindings.looks)
    for _ in 0..<10 {
      fixture.tick { state, _ in state.add("s", "f9", ok: [1_000]) }
      _ = views.requests(fixture.model, ViewSettings())
    }
    // f9 comes and f7 leaves, for the rows and for each kind of rule.
    #expect(fixture.model.keptTotals.additions - additions <= 10 * 2 * 5)
    #expect(fixture.model.keptFindings.looks - looks <= 10 * 2 * fixture.model.alertRows.count)
    #expect(fixture.model.keptFindings.looks > looks)
  }

  @Test("seconds in which nothing happens make no order and gather no names, of however many functions")
  func quiet() {
    var fixture = ModelFixture(gateways: 2)
    let views = ViewCache()
    fixture.tick { state, _ in for number in 0..<50 { state.add("s", "f\(number)", ok: [1_000]) } }
    fixture.tick { state, _ in state.add("s", "f7", ok: [1_000]) }
    // Until the window is full of what happened then.
    for _ in 0..<70 { fixture.tick() }
    _ = views.requests(fixture.model, ViewSettings())
    let made = views.requestWork
    for _ in 0..<20 {
      fixture.tick()
      #expect(views.requests(fixture.model, ViewSettings()).count == 50)
    }
    #expect(views.requestWork == made)
    fixture.tick { state, _ in state.add("s", "f49", failed: [1_000]) }
    #expect(views.requests(fixture.model, ViewSettings())[0].requestType == "f49")
    #expect(views.requestWork.orders == made.orders + 1 && views.requestWork.names == made.names)
    fixture.tick { state, _ in state.add("s", "new", failed: [1_000]) }
    #expect(views.requests(fixture.model, ViewSettings()).count == 51)
    #expect(views.requestWork.names == made.names + 1)
  }

  @Test("functions of a gateway that rests from the first state on are there")
  func resting() {
    var fixture = ModelFixture()
    var state = GatewayState()
    state.add("users", "get", ok: [1_000])
    fixture.states[0] = state
    fixture.send(0, isSnapshot: true)
    fixture.tick()
    #expect(fixture.model.requests(ViewSettings()).map(\.requestType) == ["get"])
    #expect(fixture.model.requests(ViewSettings()).map(\.requestsPerSecond) == [0])
  }

  @Test(
    "rules about functions find what is told of each function, and go through them only when one did something"
  )
  func alerts() throws {
    var cluster = RandomCluster(seed: 99)
    let rules = [
      "error%(*/*) > 5", "p99(*/*) > 1s", "rps(*/*) > 0.5", "rejected%(*/*) > 20", "inflight(*/*) > 3",
    ]
    for _ in 0..<100 {
      cluster.pass()
      let model = cluster.fixture.model
      let rows = AddedUpAnew.rows(model, ViewSettings()).filter { !$0.isStale }
      for rule in rules {
        let expression = try AlertExpression(parsing: rule)
        let found = model.evaluate(expression, window: .oneMinute)
        let numbers = Dictionary(found.map { ($0.subject, $0.number ?? -1) }, uniquingKeysWith: { $1 })
        #expect(found.map(\.subject) == found.map(\.subject).sortedNaturally())
        for row in rows
        where !rows.contains(where: {
          $0.requestType == row.requestType && $0.service == row.service && $0.version != row.version
        }) {
          let isOther = row.service == "(unsupported)"
          let expected: Double? =
            switch rule.prefix(3) {
            case "err": row.hasEnded && !isOther ? row.errorPercent : nil
            case "p99": isOther ? nil : row.p99.map { Double($0) }
            case "rps": row.requestsPerSecond
            case "rej": row.hasEnded && !isOther ? row.rejectedPercent : nil
            default: Double(row.inFlight)
            }
          guard let expected else { continue }
          let number = try #require(numbers[[row.service, row.requestType].joinedUniquely(by: 0x20)])
          #expect(abs(number - expected) < 1e-9, "\(rule) \(row)")
        }
      }
    }
    var fixture = ModelFixture()
    fixture.tick { state, _ in for number in 0..<50 { state.add("s", "f\(number)", ok: [1_000]) } }
    for _ in 0..<70 { fixture.tick() }
    let looks = fixture.model.keptFindings.looks
    for _ in 0..<20 { fixture.tick() }
    #expect(fixture.model.keptFindings.looks == looks)
    fixture.tick { state, _ in state.add("s", "f1", failed: Array(repeating: 5_000_000, count: 30)) }
    #expect(fixture.model.keptFindings.looks > looks)
    #expect(fixture.model.alertRows.contains { $0.subject == "s f1" && $0.since != nil })
  }

  @Test("each second names each function once, by rising number, and all seconds together what was counted")
  func seconds() {
    var random = SeededRandom(seed: 4)
    var history = TargetHistory()
    var state = GatewayState()
    var now: Int64 = 1_000_000_000
    history.record(state, at: now)
    for _ in 0..<300 {
      for _ in 0..<3 {
        let number = Int.random(in: 0..<12, using: &random)
        state.add("s", "f\(number)", ok: [1_000], failed: Bool.random(using: &random) ? [5_000] : [])
      }
      if Int.random(in: 0..<10, using: &random) == 0 { state.series.shuffle(using: &random) }
      now += [100_000, 400_000, 1_000_000, 4_000_000].randomElement(using: &random)!
      history.record(state, at: now)
      for sample in history.samples {
        #expect(zip(sample.series, sample.series.dropFirst()).allSatisfy { $0.series < $1.series })
        #expect(sample.started == sample.series.reduce(0) { $0 + Int64($1.started) })
      }
    }
    #expect(history.samples.reduce(0) { $0 + $1.started } == state.totals.requests)
    #expect(history.sampleBytes == history.samples.reduce(0) { $0 + $1.bytes })
  }
}
