import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What is wrong stands first")
struct WorstFirstTests {
  @Test("a function of which most is refused stands above busier ones that are slow and fail nothing")
  func refusedBeforeSlow() {
    func row(_ type: ByteText, error: Double = 0, rejected: Double = 0, p99: Int64 = 1_000) -> RequestRow {
      RequestRow(
        service: "s", requestType: type, errorPercent: error, rejectedPercent: rejected, p50: 1, p99: p99)
    }
    let rows = [
      row("well"), row("slow", p99: 1_100_000), row("refused", rejected: 81), row("fails", error: 6),
    ]
    #expect(
      rows.sorted { $0.trouble > $1.trouble }.map(\.requestType) == ["fails", "refused", "slow", "well"])
    #expect(rows.count { $0.trouble > 1 } == 3)
  }

  @Test(
    "trouble that goes on stands before trouble that ended, live, in the past and by gateway, without anything happening to either"
  )
  func goesOnFirst() {
    var fixture = ModelFixture(gateways: 2)
    func tick(failing: Bool, refusing: Bool) {
      fixture.tick { state, index in
        let isFirst = index == 0
        state.add("a", "failed", failed: failing && isFirst ? [1_000, 1_000, 1_000] : [])
        state.add("b", "refused", rejected: refusing && !isFirst ? [1, 1, 1, 1] : [])
        state.add("c", "well", ok: [1_000])
      }
    }
    func order(_ settings: ViewSettings = ViewSettings()) -> [ByteText] {
      fixture.model.requests(settings).map(\.service)
    }
    for _ in 0..<5 { tick(failing: true, refusing: true) }
    #expect(order() == ["a", "b", "c"])
    let before = fixture.now
    for _ in 0..<12 { tick(failing: false, refusing: true) }
    #expect(order() == ["a", "b", "c"])
    for _ in 0..<10 { tick(failing: false, refusing: true) }
    #expect(order() == ["b", "a", "c"])
    #expect(fixture.model.requests(ViewSettings()).map(\.goesOn) == [true, false, false])
    // Neither red nor counted less for it.
    #expect(fixture.model.troubles(ViewSettings()).functions == 2)
    var past = ViewSettings()
    past.moment = .at(before)
    #expect(order(past) == ["a", "b", "c"])
    // Where both have ended what fails stands first again.
    for _ in 0..<20 { tick(failing: false, refusing: false) }
    #expect(order() == ["a", "b", "c"])
    for _ in 0..<60 { tick(failing: false, refusing: false) }
    #expect(fixture.model.troubles(ViewSettings()).functions == 0)
  }

  @Test("a pull that fails is watched by default")
  func pullFailing() {
    #expect(AlertRule.defaults.map(\.expression.text).contains("pull failing"))
  }

  @Test("requests in flight are never fewer than none, whatever a gateway counts")
  func inFlight() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.add("s", "f", started: 1, ok: [1, 1, 1])
      state.totals.inFlight = -5
    }
    let summary = fixture.model.summary
    #expect(summary.series.first?.in_flight == 0 && summary.totals.in_flight == 0)
  }

  @Test("a pool that is full is among the troubles that a screen without its pane counts")
  func fullPool() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.pools = [
        PoolState(name: "full", workers: 4, busy: 4, queued: 20, queueLimit: 20),
        PoolState(name: "idle", workers: 4),
      ]
    }
    #expect(fixture.model.troubles(ViewSettings()).fullPools == 1)
  }

  @Test("of sixty pools the one whose breaker is open stands first")
  func pools() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.pools = (1...60).map { number in
        PoolState(name: "pool_\(number)", workers: 4, breaker: number == 47 ? .open : .closed)
      }
    }
    let pools = fixture.model.circuits(ViewSettings(), slots: 1).pools
    #expect(pools.first?.state.name == "pool_47")
    // The others as people count.
    #expect(pools[1...3].map(\.state.name) == ["pool_1", "pool_2", "pool_3"])
    #expect(pools.last?.state.name == "pool_60")
  }

  @Test("of a limit's keys the one with the most refusals stands first, also when another is fuller")
  func keys() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.limits = [
        LimitState(
          id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 60_000, rejections: 192)
      ]
      state.hotKeys =
        (1...3).map { HotKeyState(limit: "l", keyValue: "u_full_\($0)", used: 100, max: 100) }
        + [HotKeyState(limit: "l", keyValue: "u_refused", used: 60, max: 100, rejections: 192)]
    }
    let row = fixture.model.limits(ViewSettings()).first
    #expect(row?.keys.first?.value == "u_refused")
  }

  @Test("a limit that refuses now stands before one that refused more and has ended, live and in the past")
  func limits() {
    var fixture = ModelFixture()
    func tick(address: Bool, user: Bool) {
      let at = fixture.now + 1_000_000
      fixture.tick { state, _ in
        if state.limits.isEmpty {
          state.limits = ["address", "user"].map {
            LimitState(id: $0, scope: "shop/search", key: $0, maxRequests: 100, windowMs: 5_000)
          }
        }
        if address {
          state.limits[0].rejections += 40
          state.limits[0].lastRejectionAt = at
        }
        if user {
          state.limits[1].rejections += 4
          state.limits[1].lastRejectionAt = at
        }
      }
    }
    func order(_ settings: ViewSettings = ViewSettings()) -> [ByteText] {
      fixture.model.limits(settings).map(\.id)
    }
    for _ in 0..<10 { tick(address: true, user: true) }
    #expect(order() == ["address", "user"])
    let before = fixture.now
    for _ in 0..<8 { tick(address: false, user: true) }
    #expect(order() == ["user", "address"])
    var past = ViewSettings()
    past.moment = .at(before)
    #expect(order(past) == ["address", "user"])
    // Where both have ended the one that refused more stands first again.
    for _ in 0..<8 { tick(address: false, user: false) }
    #expect(order() == ["address", "user"])
  }

  @Test("service nodes and users whose trouble goes on stand before those whose trouble ended")
  func goesOnInGroups() throws {
    var fixture = ModelFixture()
    var settings = ViewSettings()
    settings.requestGrouping = .nodes
    for second in 0..<40 {
      fixture.tick { state, _ in
        if state.nodes.isEmpty {
          state.nodes = ["a", "b"].map { ServiceNodeState(node: $0, up: true) }
        }
        for index in 0...1 {
          state.nodes[index].calls += 10
          for _ in 0..<10 { state.nodes[index].latency.record(Int64(1_000)) }
        }
        state.nodes[0].failures += second < 20 ? 10 : 0
        state.nodes[1].failures += second >= 20 ? 1 : 0
      }
    }
    let nodes = try #require(fixture.model.requestGroups(settings)).rows
    #expect(nodes.map(\.name) == ["b", "a"], "\(nodes)")
    settings.requestGrouping = .users
    let ends = (0..<40).flatMap { second in
      ["a", "b"].map { user in
        let fails = user == "a" ? second < 20 : second >= 20 && second % 2 == 0
        return EventRow(
          node: "gw1",
          record: .stop(
            Int64(second), at: ModelFixture.start + Int64(second + 1) * 1_000_000,
            outcome: fails ? "error" : "ok", user: user))
      }
    }
    let users = fixture.model.requestGroups(of: ends, settings).rows
    #expect(users.map(\.name) == ["b", "a"], "\(users)")
  }

  @Test("a gateway that is down stands above those that are up")
  func nodes() {
    var fixture = ModelFixture(gateways: 3)
    fixture.tick()
    fixture.model.fold(.failed("connection refused"), of: 2, at: fixture.now)
    #expect(fixture.model.nodes(ViewSettings()).map(\.name) == ["gw3", "gw1", "gw2"])
  }

  @Test(
    "a function that fails stands above one that is busier and well; what does not exist is no alarm, and above what is well"
  )
  func functions() {
    var fixture = ModelFixture()
    for _ in 0..<5 {
      fixture.tick { state, _ in
        state.add("users", "get", ok: Array(repeating: 1_000, count: 50))
        state.add("orders", "create", ok: Array(repeating: 1_000, count: 5), failed: [1_000])
        state.add("reports", "slow", ok: [2_000_000])
        state.add("(unsupported)", "x", failed: Array(repeating: 1_000, count: 9))
      }
    }
    let rows = fixture.model.requests(ViewSettings())
    #expect(rows.map(\.service) == ["orders", "reports", "(unsupported)", "users"])
    #expect(fixture.model.troubles(ViewSettings()).functions == 2)
    var settings = ViewSettings()
    settings.requestSort = .rate
    #expect(fixture.model.requests(settings).first?.service == "users")
  }

  @Test(
    "numbers in names count as numbers",
    arguments: [
      ("gw2", "gw10"), ("gw", "gw1"), ("a9b10", "a10b9"), ("node-09", "node-10"), ("x01", "x1"), ("1", "a"),
    ])
  func natural(first: String, second: String) {
    #expect(ByteText(first).precedesNaturally(ByteText(second)))
    #expect(!ByteText(second).precedesNaturally(ByteText(first)))
    #expect(!ByteText(first).precedesNaturally(ByteText(first)))
  }

  @Test(
    "what is wrong is counted for panes that are not on the screen, and gateways that drain for the header")
  func troubles() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      guard index == 0 else { return }
      state.breakers = [
        BreakerState(pool: "a", state: .open), BreakerState(pool: "b", state: .halfOpen),
      ]
      state.pools = [
        PoolState(name: "a", workers: 4, breaker: .open),
        PoolState(name: "b", workers: 4, breaker: .halfOpen),
      ]
      state.readiness.phase = "draining"
    }
    let found = fixture.model.troubles(ViewSettings())
    #expect(found.openBreakers == 1)
    #expect(found.halfOpenBreakers == 1)
    #expect(fixture.model.header(ViewSettings()).draining == 1)
    #expect(fixture.model.header(ViewSettings()).unready == 0)
  }

  @Test("while the window fills it is known how much of it was watched")
  func filling() {
    var fixture = ModelFixture()
    fixture.tick()
    fixture.tick()
    #expect(fixture.model.header(ViewSettings()).watchedSeconds == 2)
  }
}
