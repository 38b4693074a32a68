import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What operators found missing")
struct RefusedApartTests {
  @Test("refusals are counted beside latencies, and events of them tell no duration")
  func latency() {
    var fixture = ModelFixture()
    for _ in 0..<3 {
      fixture.tick { state, _ in state.add(ok: [2_000_000], rejected: [10, 10, 10]) }
    }
    let view = fixture.model.latency(ViewSettings(), slots: 10)
    #expect(view.count == 3 && view.refused == 9 && view.p50 ?? 0 > 1_900_000)
    let rows = ["ok", "rate_limited", "rate_limited"].enumerated().map { number, outcome in
      EventRow(
        node: "gw1",
        record: .stop(
          Int64(number), at: ModelFixture.start, outcome: outcome,
          durationUs: outcome == "ok" ? 2_000_000 : 10))
    }
    #expect(EventBreakdown(rows).users.first?.p50 == 2_000_000)
  }

  @Test("a percentile of few requests that ran holds for no alert, however many were refused")
  func alert() throws {
    var fixture = ModelFixture()
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "p99(*/*) > 1s"))])
    for _ in 0..<5 {
      fixture.tick { state, _ in
        state.add(ok: [2_000_000], rejected: Array(repeating: 10, count: 50))
      }
    }
    #expect(fixture.model.alertRows.allSatisfy { !$0.isFiring })
  }

  @Test("keys stand by what was refused within the window, not by what was since they are tracked")
  func keys() {
    var fixture = ModelFixture()
    func tick(_ second: Int64) {
      fixture.tick { state, _ in
        state.limits = [
          LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 60_000)
        ]
        state.limits[0].rejections = 500 + 2 * second
        state.hotKeys = [
          HotKeyState(limit: "l", keyValue: "u_long_ago", used: 100, max: 100, rejections: 500),
          HotKeyState(limit: "l", keyValue: "u_now", used: 60, max: 100, rejections: second * 2),
        ]
      }
    }
    for second in 1...30 { tick(Int64(second)) }
    var settings = ViewSettings()
    settings.window = .tenSeconds
    let keys = fixture.model.limits(settings).first?.keys ?? []
    #expect(keys.map(\.value) == ["u_now", "u_long_ago"])
    #expect(keys.map(\.refused) == [20, 0] && keys.map(\.rejections) == [60, 500])
    #expect(fixture.model.knownUsers(settings).prefix(2) == ["u_now", "u_long_ago"])
  }

  @Test(
    "who was refused stands first after it went away, and its gateway tells of it no more; then who was refused before",
    arguments: [StatisticsWindow.tenSeconds, .oneMinute])
  func keysThatLeft(_ window: StatisticsWindow) throws {
    var fixture = ModelFixture()
    for second in 1...70 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        let refused = min(second, 64) - 1
        state.limits = [
          LimitState(
            id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 5_000,
            rejections: 7 + refused)
        ]
        state.hotKeys = [
          HotKeyState(limit: "l", keyValue: "ann", used: 19, max: 100),
          HotKeyState(limit: "l", keyValue: "cat", used: 9, max: 100, rejections: 7),
        ]
        if second < 66 {
          state.hotKeys.append(
            HotKeyState(limit: "l", keyValue: "bob", used: 100, max: 100, rejections: refused))
        }
      }
    }
    var settings = ViewSettings()
    settings.window = window
    let row = try #require(fixture.model.limits(settings).first)
    #expect(row.keys.map(\.value) == ["bob", "cat", "ann"] && row.keys.map(\.isTold) == [false, true, true])
    let refused: Int64 = window == .tenSeconds ? 4 : 54
    #expect(row.keys.map(\.refused) == [refused, 0, 0] && row.keys[0].rejections == 63)
    #expect(row.keys[0].used == 0 && row.untoldRefusals == 0)
    // Once the refusals are out of the window it is nobody of now.
    for _ in 0..<window.seconds { fixture.tick() }
    #expect(fixture.model.limits(settings).first?.keys.map(\.value) == ["cat", "ann"])
  }

  @Test(
    "a key that is not told of for a while, as others are closer to their limits, counts from what it was, and never for more than its limit refused"
  )
  func keysThatComeAndGo() {
    var fixture = ModelFixture()
    var settings = ViewSettings()
    settings.window = .tenSeconds
    for second in 1...100 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        state.limits = [
          LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 60_000)
        ]
        // One is refused three times a second; of another nothing was told before the end.
        state.limits[0].rejections = 1_500 + 3 * second
        var keys = [HotKeyState(limit: "l", keyValue: "u_other", used: 9, max: 100, rejections: 0)]
        if second % 20 < 10 {
          keys.append(
            HotKeyState(limit: "l", keyValue: "u", used: 100, max: 100, rejections: 700 + 3 * second))
        }
        if second == 100 {
          keys.append(HotKeyState(limit: "l", keyValue: "u_new", used: 100, max: 100, rejections: 800))
        }
        state.hotKeys = keys
      }
      guard second > 30 else { continue }
      for key in fixture.model.limits(settings).first?.keys ?? [] {
        #expect(key.refused <= 30, "\(key.value) at \(second)")
        if key.value == "u", second % 20 == 9 { #expect(key.refused == 30) }
      }
    }
  }

  @Test(
    "refusals of keys that are not told are counted, over all gateways that tell of their keys, whatever the filter"
  )
  func untold() throws {
    var fixture = ModelFixture(gateways: 2)
    var settings = ViewSettings()
    settings.window = .tenSeconds
    func tick(_ second: Int64, isUnknown: Bool = false) {
      fixture.tick { state, index in
        if isUnknown, index == 1 { state.unknown = UnknownState([.keyRejections]) }
        state.limits = [
          LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 100, windowMs: 60_000)
        ]
        state.limits[0].rejections = 5 * second
        // Of the second gateway all keys are told.
        state.hotKeys = [
          HotKeyState(
            limit: "l", keyValue: "u", used: 100, max: 100, rejections: (index == 0 ? 2 : 5) * second)
        ]
      }
    }
    for second in 1...30 as ClosedRange<Int64> { tick(second) }
    #expect(fixture.model.limits(settings).first?.untoldRefusals == 30)
    settings.filter = try FilterExpression(parsing: "user:u")
    #expect(fixture.model.limits(settings).first?.untoldRefusals == 30)
    tick(31, isUnknown: true)
    #expect(fixture.model.limits(settings).first.map { $0.untoldRefusals == nil } == true)
  }

  @Test("limits are compared field by field, with which gateway has what")
  func limits() {
    var fixture = ModelFixture(gateways: 3)
    func limit(_ key: ByteText, _ most: Int, _ window: Int64) -> LimitState {
      LimitState(
        id: "\(key) \(most) \(window)", scope: "global", key: key, maxRequests: most, windowMs: window)
    }
    fixture.tick { state, index in
      state.limits = [limit("user_id", index == 2 ? 300 : 400, 60_000), limit("ip_address", 10, 1_000)]
      if index != 1 { state.limits.append(limit("device_id", 5, 1_000)) }
    }
    let rows = fixture.model.limits(ViewSettings())
    let told = Dictionary(rows.map { ($0.key, $0.differences.map { "\($0.setting): \($0.told)" }) }) {
      one, _ in one
    }
    #expect(told["user_id"] == ["requests in 60s: gw3 300, others 400"])
    #expect(told["device_id"] == ["rate limit: gw2 none, others 5 in 1s"])
    #expect(told["ip_address"] == [])
    #expect(rows.filter(\.differs).count == 3)
  }

  @Test("a config is compared field by field with what it was before, on each gateway")
  func steps() {
    var fixture = ModelFixture(gateways: 2)
    func tick(timeout: Int64, version: ByteText) {
      fixture.tick { state, index in
        state.services = [ServiceState(service: "orders", configVersion: index == 0 ? version : "1")]
        state.functions = [
          FunctionState(
            service: "orders", requestType: "create", version: "1.0.0",
            timeoutMs: index == 0 ? timeout : 5_000),
          FunctionState(service: "users", requestType: "get"),
        ]
        state.limits = [
          LimitState(
            id: "c\(index == 0 ? timeout : 1)", scope: "orders/create", key: "user_id",
            maxRequests: index == 0 ? Int(timeout / 100) : 10, windowMs: 1_000)
        ]
      }
    }
    for _ in 0..<3 { tick(timeout: 5_000, version: "1") }
    for _ in 0..<3 { tick(timeout: 3_000, version: "2") }
    let steps = fixture.model.configSteps(of: "orders", ViewSettings())
    #expect(steps.allSatisfy { $0.gateway == "gw1" && $0.at == ModelFixture.start + 4_000_000 })
    #expect(
      steps.map { "\($0.name) \($0.setting): \($0.from) > \($0.to)" } == [
        " version: 1 > 2", "create user_id rate limit: 50 in 1s > 30 in 1s",
        "create@1.0.0 timeout: 5000 ms > 3000 ms",
      ])
    #expect(fixture.model.configSteps(of: "users", ViewSettings()).isEmpty)
    // Before it was changed nothing had.
    var past = ViewSettings()
    past.moment = .at(ModelFixture.start + 3_000_000)
    #expect(fixture.model.configSteps(of: "orders", past).isEmpty)
  }

  @Test(
    "a service whose configs name nothing stands first, its gateway is degraded, and an alert says which name"
  )
  func unresolved() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "name unresolved"))])
    fixture.tick { state, index in
      state.services = [
        ServiceState(service: "a"),
        ServiceState(service: "z", unresolved: index == 1 ? ["get: mfa Nobody.get"] : []),
      ]
    }
    #expect(fixture.model.configs(ViewSettings()).services.map(\.service) == ["z", "a"])
    let nodes = fixture.model.nodes(ViewSettings())
    #expect(nodes.map(\.name) == ["gw2", "gw1"] && nodes.map(\.unresolved) == [1, 0])
    #expect(fixture.model.alertRows.map(\.subject) == ["z"] && fixture.model.alertRows[0].isFiring)
    let found = try fixture.model.evaluate(
      AlertExpression(parsing: "no name unresolved(z)"), window: .tenSeconds)
    #expect(found.map(\.detail) == ["get: mfa Nobody.get, on gw2"])
    #expect(fixture.model.troubles(ViewSettings()).failedConfigs == 1)
  }
}
