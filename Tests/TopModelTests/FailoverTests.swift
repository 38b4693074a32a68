import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Failovers, and what a gateway told last")
struct FailoverTests {
  private let settings = ViewSettings()

  private func byNode() -> ViewSettings {
    var settings = settings
    settings.requestGrouping = .nodes
    return settings
  }

  @Test(
    "calls that went on to another node are a number of their own, of a node that is down too, and no failures"
  )
  func apart() throws {
    var fixture = ModelFixture(gateways: 2)
    for number in 1...4 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        state.nodes = [
          ServiceNodeState(
            node: "s1", up: number < 3, since: 1, calls: number * 20, failures: number * 11,
            failovers: number * 10)
        ]
      }
    }
    let row = try #require(fixture.model.nodes(settings).first { $0.kind == .service })
    #expect(!row.isUp && row.errorPercent == 5 && row.failoverPercent == 50)
    #expect(row.sightings.allSatisfy { $0.errorPercent == 5 && $0.failoverPercent == 50 })
    let group = try #require(fixture.model.requestGroups(byNode())?.rows.first)
    #expect(group.numbers.errorPercent == 5 && group.numbers.failoverPercent == 50)
    #expect(group.numbers.trouble == 5 && group.numbers.isDown)
  }

  @Test("a node that is back does not read as failing because of the failovers of before")
  func back() throws {
    var fixture = ModelFixture()
    for number in 1...6 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        let lost = min(number, 3) * 10
        state.nodes = [
          ServiceNodeState(
            node: "s1", up: number > 3, since: 1, calls: number * 10, failures: lost, failovers: lost)
        ]
      }
    }
    let row = try #require(fixture.model.nodes(settings).first { $0.kind == .service })
    #expect(row.isUp && row.errorPercent == 0 && row.failoverPercent ?? 0 > 30)
    #expect(fixture.model.requestGroups(byNode())?.rows.first?.numbers.trouble == 0)
  }

  @Test(
    "breakers, refusals by service and failed pulls of a gateway that is gone are in no sum while another is heard"
  )
  func gone() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<3 {
      fixture.tick { state, index in
        state.pools = [PoolState(name: "async_pool", workers: 2)]
        state.add(rejected: [1, 1], outcome: .unavailable)
        guard index == 1 else { return }
        state.breakers = [
          BreakerState(pool: "async_pool", state: .open, since: 1, cooldownMs: 60_000, openedCount: 1)
        ]
        state.services = [
          ServiceState(service: "users", source: "pull", pullFailures: 3, lastError: "nobody there")
        ]
      }
      fixture.states[0].services = [ServiceState(service: "users", source: "pull")]
    }
    let before = fixture.model.circuits(settings, slots: 1)
    #expect(before.openCount == 1 && fixture.model.configs(settings).services.first?.pullFailures == 3)
    fixture.model.fold(.failed("connection reset"), of: 1, at: fixture.now)
    fixture.second += 1
    fixture.send(0)
    fixture.model.tick(at: fixture.now)
    let after = fixture.model.circuits(settings, slots: 1)
    #expect(after.openCount == 0 && after.breakers.contains { $0.isStale && $0.state.state == .open })
    #expect((after.services.first?.refused ?? 0) < (before.services.first?.refused ?? 0))
    let service = fixture.model.configs(settings).services.first
    #expect(service?.pullFailures == 0 && service?.lastError == nil)
  }

  @Test("a limit refuses as long as refusals come, and not for the rest of the window")
  func ended() {
    var row = LimitRow(
      id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000, rejectionsPerSecond: 18,
      lastRejectionAt: 100_000_000)
    #expect(row.isRefusing(at: 104_000_000) && !row.isRefusing(at: 116_000_000))
    row.lastRejectionAt = nil
    #expect(row.isRefusing(at: 116_000_000))
    row.isStale = true
    #expect(!row.isRefusing(at: 100_000_000))
  }

  @Test("the header names what healthz calls degraded, the node that is down, and what cannot be pulled")
  func header() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.nodes = [ServiceNodeState(node: "s1", up: false, since: 5)]
      guard index == 1 else { return }
      state.readiness = ReadinessState(fault: nil)
      state.readiness.degraded = ["descriptors: hardly any are left"]
      state.services = [ServiceState(service: "catalog", source: "pull", pullFailures: 2)]
    }
    let header = fixture.model.header(settings)
    #expect(header.serviceNodesDown == ["s1"] && header.failingPulls == ["catalog"])
    #expect(header.degraded == [.init(gateway: "gw2", check: "descriptors")])
    let rows = fixture.model.nodes(settings).filter { $0.kind == .gateway }
    #expect(rows.map(\.name) == ["gw2", "gw1"])
  }

  @Test("what opened on several gateways is one moment with all their names, and its alert is none beside it")
  func moments() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "breaker open"))])
    fixture.tick()
    for _ in 0..<3 {
      fixture.tick { state, index in
        state.pools = [PoolState(name: "async_pool", workers: 2, openServices: 1)]
        state.breakers = [
          BreakerState(
            pool: "async_pool", service: "shop", node: "s1", state: .open,
            since: ModelFixture.start + 2_000_000 + Int64(index), cooldownMs: 60_000, openedCount: 1)
        ]
      }
    }
    #expect(fixture.model.alertRows.count(where: \.isFiring) == 2)
    let marks = fixture.model.timeMarks(settings)
    #expect(marks.map(\.label) == ["gw1 gw2 async_pool shop on s1 open"], "\(marks)")
  }

  @Test("hooks that failed are told by the node that ran them")
  func hooks() {
    func event(_ number: Int64, _ node: ByteText?) -> EventRow {
      var metadata: ValueObject = [
        "module": "Audit", "function": "check", "reason": "hook timed out after 600ms",
      ]
      if let node { metadata["node"] = .string(node) }
      return EventRow(
        node: "gw1",
        record: EventRecord(
          sequence: number, at: number, name: EventName.hookBeforeException.path, measurements: [:],
          metadata: metadata))
    }
    let view = EventBreakdown([event(1, "s2"), event(2, "s2"), event(3, nil)])
    #expect(view.hookFailures.map(\.node) == ["s2", nil] && view.hookFailures.map(\.count) == [2, 1])
    #expect(view.hookFailures.first?.hook == "Audit.check" && view.hookFailures.first?.at == 2)
  }

  @Test("the events of a cell are those that the gateways counted in its second, and no others")
  func spans() throws {
    var fixture = ModelFixture()
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [10]) } }
    let second = fixture.now / 1_000_000
    let span = try #require(fixture.model.countedSpans(second...second)["gw1"])
    #expect(span.upperBound == fixture.now && span.lowerBound == fixture.now - 999_999)
    let two = try #require(fixture.model.countedSpans(second - 1...second)["gw1"])
    #expect(two.lowerBound == fixture.now - 1_999_999)
  }
}
