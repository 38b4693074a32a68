import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Requests by what they have in common")
struct RequestGroupTests {
  private func settings(_ grouping: RequestGrouping, filter: String = "") throws -> ViewSettings {
    var settings = ViewSettings()
    settings.window = .tenSeconds
    settings.requestGrouping = grouping
    settings.filter = try FilterExpression(parsing: filter)
    return settings
  }

  private func fixture() -> ModelFixture {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 {
      fixture.tick { state, gateway in
        state.add("users", "get", version: "1.0.0", ok: [1_000, 1_000], failed: gateway == 1 ? [2_000] : [])
        state.add("users", "put", version: "1.1.0", ok: [3_000])
        state.add("orders", "create", ok: [50_000], rejected: [10])
      }
    }
    return fixture
  }

  @Test("a service, a version and a gateway have the exact sums of their functions")
  func counters() throws {
    let model = fixture().model
    let services = try #require(model.requestGroups(settings(.services)))
    #expect(services.source == .counters)
    #expect(Set(services.rows.map(\.name)) == ["users", "orders"])
    let users = try #require(services.rows.first { $0.name == "users" })
    #expect(users.functions == 2 && users.numbers.requestsPerSecond == 7)
    #expect(abs(users.numbers.errorPercent - 100.0 / 7) < 0.01)
    #expect(abs(Double(users.numbers.p99 ?? 0) - 3_000) <= 30)
    let orders = try #require(services.rows.first { $0.name == "orders" })
    #expect(orders.numbers.rejectedPercent == 50 && orders.functions == 1)

    let versions = try #require(model.requestGroups(settings(.versions))).rows
    #expect(versions.count == 3)
    #expect(versions.first { $0.version == "1.1.0" }?.numbers.requestsPerSecond == 2)
    #expect(Set(versions.map(\.id)).count == 3)

    let gateways = try #require(model.requestGroups(settings(.gateways))).rows
    #expect(gateways.map(\.name) == ["gw2", "gw1"])
    #expect(gateways.map(\.numbers.errorPercent) == [100.0 / 6, 0])
    #expect(gateways.map(\.functions) == [3, 3])
  }

  @Test("what requests for functions that do not exist are counted by is no function of its gateway")
  func unsupported() throws {
    var fixture = fixture()
    for _ in 0..<3 {
      fixture.tick { state, gateway in
        if gateway == 0 { state.add("(unsupported)", "(any)", failed: [1_000]) }
      }
    }
    let gateways = try #require(fixture.model.requestGroups(settings(.gateways))).rows
    #expect(gateways.map(\.functions) == [3, 3])
    for grouping in [RequestGrouping.services, .versions] {
      let rows = try #require(fixture.model.requestGroups(settings(grouping))).rows
      #expect(rows.contains { $0.name == "(unsupported)" && $0.functions == nil })
    }
  }

  @Test("groups follow the filter, and are sorted as functions are")
  func narrowed() throws {
    let model = fixture().model
    var narrow = try settings(.gateways, filter: "service:orders")
    #expect(try #require(model.requestGroups(narrow)).rows.map(\.numbers.requestsPerSecond) == [2, 2])
    narrow = try settings(.services)
    narrow.requestSort = .service
    #expect(model.requestGroups(narrow)?.rows.map(\.name) == ["orders", "users"])
    narrow.isSortReversed = true
    #expect(model.requestGroups(narrow)?.rows.map(\.name) == ["users", "orders"])
  }

  @Test(
    "a service node has what the gateways ask of it, exactly; with a service in the filter only events tell")
  func nodes() throws {
    var fixture = ModelFixture(gateways: 2)
    for index in 0..<2 {
      fixture.states[index].nodes = [ServiceNodeState(node: "svc@a", services: ["users"])]
    }
    for _ in 0..<10 {
      fixture.tick { state, _ in
        state.add(ok: [1_000])
        state.nodes[0].calls += 4
        state.nodes[0].failures += 1
        for _ in 0..<4 { state.nodes[0].latency.record(7_000 as Int64) }
      }
    }
    let rows = try #require(fixture.model.requestGroups(settings(.nodes))).rows
    #expect(rows.map(\.name) == ["svc@a"])
    #expect(abs(rows[0].numbers.requestsPerSecond - 8) < 1 && rows[0].numbers.errorPercent == 25)
    #expect(abs(Double(rows[0].numbers.p50 ?? 0) - 7_000) <= 70)
    #expect(try fixture.model.requestGroups(settings(.nodes, filter: "node:gw1"))?.rows.count == 1)
    #expect(try fixture.model.requestGroups(settings(.nodes, filter: "node:other"))?.rows.isEmpty != false)
    #expect(try fixture.model.requestGroups(settings(.nodes, filter: "service:users")) == nil)
    #expect(try fixture.model.requestGroups(settings(.users)) == nil)
  }

  @Test("of users the events tell: how many there are and how many seconds they are of is told with them")
  func users() throws {
    var fixture = ModelFixture()
    for second in 1...20 {
      fixture.tick { state, _ in state.add(ok: [1_000]) }
      for (number, user, outcome) in [(1, "u_1", "ok"), (2, "u_2", "error"), (3, "u_2", "rate_limited")] {
        let record = EventRecord.stop(
          Int64(second * 10 + number), at: fixture.now, request: "r\(second)-\(number)", outcome: outcome,
          durationUs: Int64(number) * 1_000, user: user)
        fixture.model.fold(.frame(.event(record)), of: 0, at: fixture.now)
      }
    }
    let views = ViewCache()
    let wanted = try settings(.users)
    let (groups, isComplete) = views.requestGroups(fixture.model, wanted)
    #expect(isComplete)
    // Of the ten seconds of the window, whose first moment belongs to it.
    #expect(groups.source == .events(requests: 33, seconds: 10))
    #expect(groups.rows.map(\.name) == ["u_2", "u_1"])
    let row = groups.rows[0].numbers
    #expect(row.errorPercent == 50 && row.rejectedPercent == 50 && row.p50 == 2_000 && row.inFlight < 0)
    #expect(groups.rows.allSatisfy { $0.functions == nil })
    let (narrow, _) = views.requestGroups(fixture.model, try settings(.users, filter: "status:ok"))
    #expect(narrow.rows.map(\.name) == ["u_1"])
  }

  @Test("requests whose node their gateway does not tell are in a row of their own, and not of no node")
  func untoldNodes() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, gateway in
      if gateway == 0 { state.unknown = UnknownState([.nodeCalls]) }
    }
    for gateway in 0..<2 {
      for (number, outcome) in [(1, "ok"), (2, "rate_limited")] {
        let record = EventRecord.stop(
          Int64(number), at: fixture.now, request: "r\(gateway)-\(number)", outcome: outcome, user: "u_1")
        fixture.model.fold(.frame(.event(record)), of: gateway, at: fixture.now)
      }
    }
    let (nodes, _) = ViewCache().requestGroups(fixture.model, try settings(.nodes, filter: "user:u_1"))
    #expect(nodes.rows.allSatisfy(\.name.isEmpty) && nodes.rows.count == 2)
    #expect(Set(nodes.rows.map(\.id)).count == 2)
    let found = nodes.rows.first { $0.isUntold }
    let untold = try #require(found).numbers
    #expect(untold.rejectedPercent == 0 && untold.errorPercent == 0)
    let (users, _) = ViewCache().requestGroups(fixture.model, try settings(.users))
    #expect(users.rows.map(\.name) == ["u_1"] && users.rows.allSatisfy { !$0.isUntold })
  }

  @Test("where older events had to give way, the rates of users are over what is kept, and no more is told")
  func keptPart() throws {
    var fixture = ModelFixture()
    for second in 1...20 {
      fixture.tick { state, _ in state.add(ok: [1_000]) }
      for number in 0..<2_000 {
        let record = EventRecord.stop(
          Int64(second * 2_000 + number), at: fixture.now, request: "r", user: "u_\(number % 2)")
        fixture.model.fold(.frame(.event(record)), of: 0, at: fixture.now)
      }
    }
    let (groups, _) = ViewCache().requestGroups(fixture.model, try settings(.users))
    guard case .events(let requests, let seconds) = groups.source else {
      Issue.record("no events")
      return
    }
    #expect(requests <= EventHistory.capacity && seconds < 10)
    #expect(groups.rows.count == 2)
    for row in groups.rows {
      #expect(abs(row.numbers.requestsPerSecond - 1_000) < 500)
      #expect(row.numbers.trend.first == -1)
    }
  }

  @Test("ten thousand functions fold to their services")
  func many() throws {
    var fixture = ModelFixture()
    fixture.states[0].series = (0..<10_000).map {
      SeriesState(service: "s\($0 / 100)", requestType: "f\($0)")
    }
    fixture.send(0)
    fixture.tick { state, _ in
      for index in state.series.indices {
        state.series[index].requests += 1
        state.series[index].outcomes["ok", default: 0] += 1
        state.series[index].latency.record(1_000 as Int64)
      }
      state.totals.requests += 10_000
      state.totals.ok += 10_000
    }
    let rows = try #require(fixture.model.requestGroups(settings(.services))).rows
    #expect(rows.count == 100)
    #expect(rows.allSatisfy { $0.functions == 100 && $0.numbers.p99 != nil })
  }

  @Test("an end is in the band in which the gateways count it, also at the band's edge")
  func bandOfAnEnd() {
    for took: Int64 in [999, 1_000, 399_999, 400_000, 401_000, 2_000_000] {
      var histogram = LatencyHistogram()
      histogram.record(took)
      let bounds = LatencyBands.fine.bounds
      let band = LatencyBands.fine.counts(of: BucketCounts(histogram)).firstIndex { $0 > 0 }!
      let row = EventRow(node: "gw1", record: .stop(1, at: 5, durationUs: took))
      for other in bounds.indices.dropLast() {
        let ends = RequestEnds(times: 0...10, durations: bounds[other]..<bounds[other + 1])
        #expect(ends.includes(row) == (other == band), "\(took) \(bounds[other])")
      }
    }
  }

  @Test(
    "each second of the window is in one slot of the latencies, and the slot knows it", arguments: [7, 10])
  func slots(count: Int) {
    var fixture = ModelFixture()
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    var settings = ViewSettings()
    settings.window = .tenSeconds
    let view = fixture.model.latency(settings, slots: count)
    let seconds = view.slots.indices.flatMap { Array(view.seconds(of: $0)) }
    #expect(seconds == Array(view.endSecond - 9...view.endSecond))
    for second in seconds {
      #expect(view.slot(of: second).map { view.seconds(of: $0).contains(second) } == true)
    }
    #expect(view.slot(of: view.endSecond + 1) == nil && view.slot(of: view.endSecond - 10) == nil)
    // What a slot shows was counted in its seconds.
    #expect(
      view.slots.indices.allSatisfy {
        Int64(view.slots[$0].bands.reduce(0, +)) == Int64(view.seconds(of: $0).count)
      })
  }

  @Test(
    "slots with seconds of their own keep them and what was counted in them while time goes on",
    arguments: [10, 5, 2])
  func alignedSlots(count: Int) {
    var fixture = ModelFixture(gateways: 2)
    var settings = ViewSettings()
    settings.window = .tenSeconds
    var known: [ClosedRange<Int64>: Int64] = [:]
    for tick in 1...40 {
      // In each second another number.
      fixture.tick { state, index in
        if index == 0 { state.add(ok: Array(repeating: 1_000, count: 1 + tick % 7)) }
      }
      let view = fixture.model.latency(settings, slots: count, isAligned: true)
      let seconds = view.slots.indices.map { view.seconds(of: $0) }
      #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0.upperBound + 1 == $1.lowerBound })
      #expect(seconds.last?.contains(view.endSecond) == true && seconds.allSatisfy { $0.count == 10 / count })
      for (slot, seconds) in seconds.enumerated() where tick > 10 {
        #expect(seconds.allSatisfy { view.slot(of: $0) == slot })
        let counted = view.slots[slot].bands.reduce(0, +)
        if let before = known[seconds] { #expect(counted == before) }
        if seconds.upperBound <= view.endSecond { known[seconds] = counted }
      }
      // What is older than all slots, and in the window, is in the sums.
      #expect(view.count >= view.slots.reduce(0) { $0 + $1.bands.reduce(0, +) })
    }
    #expect(known.values.allSatisfy { $0 > 0 })
  }
}
