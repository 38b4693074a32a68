import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("A state costs what changed")
struct StateMemoryTests {
  @Test("while nothing happens, functions and series are the same memory")
  func quiet() async throws {
    let fixture = try GatewayFixture()
    for number in 0..<20 { try fixture.add("f\(number)") }
    _ = await fixture.gateway.execute(fixture.request("f3", ["text": "x"]))
    let first = fixture.gateway.currentState()
    let second = fixture.gateway.currentState()
    #expect(second.functions.shares(first.functions) && second.series.shares(first.series))
    #expect(second.changes(since: first).series.isEmpty)
  }

  @Test(
    "what is counted, added, replaced, disabled or deleted is in the next state, and the totals are the sum")
  func changes() async throws {
    let fixture = try GatewayFixture()
    for number in 0..<20 { try fixture.add("f\(number)") }
    var before = fixture.gateway.currentState()
    func step(_ change: () async throws -> Void) async throws -> GatewayStateChange {
      try await change()
      let after = fixture.gateway.currentState()
      defer { before = after }
      #expect(after.series.map(\.requestType) == after.series.map(\.requestType).sorted())
      #expect(after.totals.requests == after.series.reduce(0) { $0 + $1.requests })
      #expect(after.totals.ok == after.series.reduce(0) { $0 + ($1.outcomes["ok"] ?? 0) })
      return after.changes(since: before)
    }
    let called = try await step { _ = await fixture.gateway.execute(fixture.request("f7", ["text": "x"])) }
    #expect(called.series.map(\.requestType) == ["f7"] && called.series[0].requests == 1)
    #expect(called.functions.isEmpty && called.totals?.ok == 1)
    let added = try await step { try fixture.add("f07") }
    #expect(added.functions.map(\.requestType) == ["f07"] && added.series.map(\.requestType) == ["f07"])
    let disabled = try await step { try fixture.gateway.configs.disable("test", "f7") }
    #expect(disabled.functions.map(\.enabled) == [false] && disabled.series.isEmpty)
    #expect(disabled.services.map(\.disabled) == [1])
    let again = try await step { _ = await fixture.gateway.execute(fixture.request("f3", ["text": "x"])) }
    #expect(again.series.map(\.requestType) == ["f3"] && again.totals?.ok == 2)
    let deleted = try await step { try fixture.gateway.configs.delete("test", "f3") }
    #expect(deleted.removed?["functions"]?.count == 1 && deleted.series.isEmpty)
  }

  @Test(
    "only what was counted since is told to have changed, and the rest of the list stays where it is in memory"
  )
  func versions() async throws {
    let fixture = try GatewayFixture()
    for number in 10..<60 { try fixture.add("f\(number)") }
    /// The first list is let go at once, as who watches does.
    func look() -> (address: UInt, order: Int, number: Int) {
      let (state, series) = fixture.gateway.currentStateWithVersions()
      return (
        state.series.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }, series.order, series.number
      )
    }
    let first = look()
    for number in [17, 42, 17] {
      _ = await fixture.gateway.execute(fixture.request("f\(number)", ["text": "x"]))
    }
    let second = look()
    #expect(second.address == first.address, "a list that nobody else holds is not copied")
    #expect(second.order == first.order && second.number > first.number)
    let (state, series) = fixture.gateway.currentStateWithVersions()
    #expect(series.number == second.number, "nothing happened")
    #expect(series.places(since: first.number).map { state.series[$0].requestType } == ["f17", "f42"])
    #expect(series.places(since: second.number).isEmpty)
    try fixture.add("f05")
    #expect(fixture.gateway.currentStateWithVersions().series.order != first.order)
  }

  @Test(
    "the totals are the sum of the series however many at once count, and nothing that was counted is missed")
  func atOnce() async throws {
    let statistics = GatewayStatistics(topUsers: 4)
    let series = (0..<20).map { statistics.series(FunctionIdentity(service: "s", requestType: "f\($0)")) }
    func look() -> GatewayState {
      var state = GatewayState()
      statistics.fill(&state)
      return state
    }
    await withTaskGroup { group in
      for part in 0..<4 {
        group.addTask {
          for number in 0..<5_000 {
            let one = series[(number * 7 + part) % 20]
            one.started()
            if number % 9 == 0 { one.retried() }
            one.finished(
              number % 5 == 0 ? .timeout : .ok, durationUs: 5, error: nil, user: "u", at: 1_000_000)
          }
        }
      }
      group.addTask {
        for _ in 0..<200 {
          let state = look()
          let totals = state.totals
          #expect(totals.requests == state.series.reduce(0) { $0 + $1.requests })
          #expect(totals.requests == totals.ok + totals.failed + totals.inFlight && totals.inFlight >= 0)
          await Task.yield()
        }
      }
    }
    let state = look()
    #expect(state.totals.requests == 20_000 && state.totals.failed == 4_000 && state.totals.inFlight == 0)
    #expect(state.totals.retries == 4 * 556)
    #expect(statistics.topUsers(at: 1_000_000).reduce(0) { $0 + $1.requests } == 20_000)
  }

  @Test("users, services and what is not registered are the same memory again while nothing changes")
  func others() async throws {
    let fixture = try GatewayFixture()
    for number in 0..<20 { try fixture.add("f\(number)") }
    _ = await fixture.gateway.execute(fixture.request("f3", ["text": "x"]))
    let first = fixture.gateway.currentState()
    let second = fixture.gateway.currentState()
    #expect(!first.topUsers.isEmpty && second.topUsers.shares(first.topUsers))
    #expect(!first.services.isEmpty && second.services.shares(first.services))
    _ = await fixture.gateway.execute(fixture.request("f4", ["text": "x"]))
    #expect(fixture.gateway.currentState().topUsers.count == 2)
  }

  @Test("statistics and their series are gone with their gateway, whatever was noted and not told")
  func freed() {
    weak var kept: SeriesStatistics?
    do {
      let statistics = GatewayStatistics()
      let series = statistics.series(FunctionIdentity(service: "s", requestType: "f"))
      series.started()
      kept = series
    }
    #expect(kept == nil)
  }

  @Test("requests for what does not exist are counted, and from the first on in a series of their own")
  func unsupported() async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    #expect(fixture.gateway.currentState().series.map(\.service) == ["test"])
    for count in 1...2 {
      _ = await fixture.gateway.execute(fixture.request("nonesuch", [:]))
      let state = fixture.gateway.currentState()
      #expect(state.series.last?.service == "(unsupported)" && state.series.last?.requests == Int64(count))
      #expect(state.totals.requests == Int64(count))
    }
  }
}
