import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What is told of breakers that are closed again, and of limits that refuse")
struct ClosedBreakerTests {
  private let settings = ViewSettings()

  @Test("a service's breaker that closed says when, how often it opened and why, and not that it never did")
  func closed() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.pools = [PoolState(name: "p", workers: 1)] }
    fixture.tick { state, _ in
      state.breakers = [
        BreakerState(
          pool: "p", service: "users", node: "n1", state: .open, since: ModelFixture.start + 2_000_000,
          openedAt: ModelFixture.start + 2_000_000, consecutiveFailures: 5, cooldownMs: 3_000,
          openedCount: 4, lastReason: "timeout")
      ]
    }
    for _ in 0..<4 { fixture.tick() }
    fixture.tick { state, _ in state.breakers = [] }
    for _ in 0..<9 { fixture.tick() }
    let row = try #require(fixture.model.circuits(settings, slots: 60).breakers.first)
    #expect(row.state.state == .closed && !row.isTold && row.timeline.contains(.open))
    #expect(row.state.since == ModelFixture.start + 7_000_000)
    #expect(row.state.openedCount == 4 && row.state.lastReason == "timeout" && row.state.cooldownMs == 3_000)
    #expect(row.state.openedAt == nil && row.state.probeAt == nil && row.state.service == "users")
  }

  @Test("a limit that refuses tells a rate of the time that it says it refuses for")
  func refusing() throws {
    var fixture = ModelFixture(gateways: 2)
    var limit = LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)
    for second in 1...40 {
      fixture.tick { state, index in
        if index == 0, second > 35 { limit.rejections += 10 }
        state.limits = [limit]
        if index == 1 { state.limits[0].rejections = 0 }
      }
    }
    let row = try #require(fixture.model.limits(settings).first)
    #expect(row.refusing?.perSecond == 10 && row.refusing?.seconds == 5)
    #expect(row.rejectionsPerSecond ?? 9 < 2 && !row.differs && row.gateways == ["gw1", "gw2"])
  }

  @Test("a limit that gateways have differently says whose it is")
  func differing() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.limits = [
        LimitState(id: "l\(index)", scope: "global", key: "user_id", maxRequests: 5 + index, windowMs: 1_000)
      ]
    }
    let rows = fixture.model.limits(settings).sorted { $0.id < $1.id }
    #expect(rows.map(\.differs) == [true, true] && rows.map(\.gateways) == [["gw1"], ["gw2"]])
  }

  @Test("a difference names the gateway that is alone with its value first")
  func minority() {
    let difference = ConfigDifference(
      requestType: "get", setting: "timeout",
      values: ["gwa": "5000 ms", "gwb": "5000 ms", "gwc": "900 ms"])
    #expect(difference.told == "gwc 900 ms, others 5000 ms")
    let even = ConfigDifference(
      requestType: "get", setting: "enabled", values: ["gwa": "yes", "gwb": "no"])
    #expect(even.told == "gwa yes, gwb no")
  }
}
