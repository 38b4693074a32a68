import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What is not known stands last, what is down first")
struct KnownLastTests {
  private func row(
    _ name: ByteText, rate: Double, error: Double = 0, p50: Int64? = 1_000, isStale: Bool = false
  ) -> RequestRow {
    RequestRow(
      service: name, requestType: "f", requestsPerSecond: rate, errorPercent: error, p50: p50, p99: p50,
      max: p50, isStale: isStale)
  }

  private func order(_ rows: [RequestRow], _ sort: RequestSort, reversed: Bool = false) -> String {
    var settings = ViewSettings()
    settings.requestSort = sort
    settings.isSortReversed = reversed
    return rows.sorted { settings.precedes($0, $1) }.map(\.service.string).joined(separator: " ")
  }

  @Test(
    "a share that nobody knows, as nothing ended, is no 0.0: it stands last in both directions, and equal shares by their rate",
    arguments: [RequestSort.errors, .rejected])
  func shares(_ sort: RequestSort) {
    var rows = [
      row("a_none", rate: 0, p50: nil), row("b_idle", rate: 1), row("c_busy", rate: 50),
      row("d_bad", rate: 2, error: 7),
    ]
    rows[3].rejectedPercent = 7
    #expect(order(rows, sort) == "d_bad c_busy b_idle a_none")
    #expect(order(rows, sort, reversed: true) == "c_busy b_idle d_bad a_none")
  }

  @Test(
    "the old numbers of a gateway that is not heard stand behind those of now in both directions",
    arguments: [RequestSort.rate, .errors, .p99, .max, .worst])
  func old(_ sort: RequestSort) {
    let rows = [
      row("a_old", rate: 90, error: 4, p50: 500_000, isStale: true),
      row("b_older", rate: 80, error: 3, p50: 400_000, isStale: true), row("c_now", rate: 1, p50: 2_000),
    ]
    #expect(order(rows, sort) == "c_now a_old b_older")
    #expect(order(rows, sort, reversed: true).hasPrefix("c_now "))
  }

  private func fixture(nodes: [(name: ByteText, isUp: Bool, over: Int64)]) -> ModelFixture {
    var fixture = ModelFixture(gateways: 2)
    for number in 1...4 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        state.nodes = nodes.map {
          ServiceNodeState(
            node: $0.name, up: $0.isUp || number < 3, since: 1, calls: number * ($0.isUp ? 50 : 10),
            failovers: number * $0.over)
        }
      }
    }
    return fixture
  }

  @Test("by node one that is down stands first, and OVER% is an order of its own")
  func nodes() throws {
    let fixture = fixture(nodes: [("app1", true, 1), ("app2", true, 20), ("app3", false, 4)])
    var settings = ViewSettings()
    settings.requestGrouping = .nodes
    func names() throws -> [ByteText] { try #require(fixture.model.requestGroups(settings)).rows.map(\.name) }
    #expect(try names() == ["app3", "app1", "app2"])
    #expect(fixture.model.requestGroups(settings)?.rows.map(\.numbers.isDown) == [true, false, false])
    settings.requestSort = .failovers
    #expect(try names() == ["app2", "app3", "app1"])
    settings.isSortReversed = true
    #expect(try names() == ["app1", "app3", "app2"] || names() == ["app1", "app2", "app3"])
  }

  @Test("by gateway one that is not heard stands first, and is last where numbers are sorted")
  func gateways() throws {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1_000, 1_000]) } }
    fixture.model.fold(.failed("connection reset"), of: 1, at: fixture.now)
    for _ in 0..<3 {
      fixture.second += 1
      fixture.states[0].add(ok: [1_000])
      fixture.send(0)
      fixture.model.tick(at: fixture.now)
    }
    var settings = ViewSettings()
    settings.requestGrouping = .gateways
    func names() throws -> [ByteText] { try #require(fixture.model.requestGroups(settings)).rows.map(\.name) }
    #expect(try names() == ["gw2", "gw1"])
    settings.requestSort = .rate
    #expect(try names() == ["gw1", "gw2"])
    settings.isSortReversed = true
    #expect(try names() == ["gw1", "gw2"])
  }

  @Test("refusals that ended are no trouble of now for who sees only the tabs")
  func ended() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
    }
    for number in 1...3 as ClosedRange<Int64> {
      let now = fixture.now
      fixture.tick { state, _ in
        state.limits[0].checks = number * 10
        state.limits[0].rejections = number * 4
        state.limits[0].lastRejectionAt = now + 1_000_000
      }
    }
    #expect(fixture.model.troubles(ViewSettings()).refusedPerSecond > 0)
    for _ in 0..<8 { fixture.tick() }
    #expect(fixture.model.limits(ViewSettings()).first?.rejectionsPerSecond ?? 0 > 0)
    #expect(fixture.model.troubles(ViewSettings()).refusedPerSecond == 0)
  }

  @Test("what a gateway adds as it starts is one moment, and what was removed stands first in its name")
  func bursts() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick()
    let at = fixture.now
    func change(_ id: Int64, _ kind: ByteText, _ type: ByteText, _ after: Int64) -> ConfigChangeState {
      ConfigChangeState(id: id, at: at + after, kind: kind, service: "demo", requestType: type)
    }
    fixture.tick { state, index in
      state.configChanges =
        index == 1
        ? (1...9 as ClosedRange<Int64>).map { change($0, "added", "f\($0)", $0 * 1_000) }
        : [change(1, "updated", "get", 20_000_000), change(2, "removed", "old", 20_000_500)]
    }
    for _ in 0..<25 { fixture.tick() }
    let marks = fixture.model.timeMarks(ViewSettings()).filter { $0.kind == .config }
    #expect(
      marks.map(\.label) == ["demo/old removed; demo/get updated", "9 added: demo/f1, demo/f2, demo/f3 …"])
    #expect(marks.last?.at == at + 1_000)
  }
}
