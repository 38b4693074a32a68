import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Alerts")
struct AlertTests {
  private func firing(_ fixture: ModelFixture) -> [String] {
    fixture.model.alertRows.filter(\.isFiring).map { "\($0.subject ?? "?"): \($0.value ?? "?")" }
  }

  private func watching(_ rules: String..., gateways: Int = 1) throws -> ModelFixture {
    var fixture = ModelFixture(gateways: gateways)
    fixture.model.watch(try rules.map { AlertRule(try AlertExpression(parsing: $0)) })
    return fixture
  }

  @Test("a rule fires only after it held for as long as it asks, and starts anew when it did not")
  func hold() throws {
    var fixture = try watching("rps > 3 over 10s for 5s")
    for _ in 0..<4 { fixture.tick { state, _ in state.add(ok: [1, 1, 1, 1, 1]) } }
    #expect(firing(fixture).isEmpty)
    #expect(fixture.model.alertRows[0].since != nil)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1, 1, 1, 1, 1]) } }
    #expect(firing(fixture) == ["all: 5/s"])
    #expect(fixture.model.timesFired == 1)
    for _ in 0..<10 { fixture.tick() }
    #expect(firing(fixture).isEmpty)
    #expect(fixture.model.alertRows[0].since == nil)
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1, 1, 1, 1, 1]) } }
    #expect(firing(fixture).isEmpty)
  }

  @Test("without a name all is one, a service is one, and a star looks at each by itself")
  func subjects() throws {
    var fixture = try watching(
      "p99 > 1ms", "p99(a) > 1ms", "p99(*) > 1ms", "p99(*/*) > 1ms", "p99(a/x) > 1ms")
    let slow = [Int64](repeating: 50_000, count: 30)
    fixture.tick { state, _ in
      state.add("a", "x", ok: slow)
      state.add("a", "y", ok: slow)
      state.add("b", "x", ok: [Int64](repeating: 10, count: 30))
    }
    let rows = fixture.model.alertRows.filter(\.isFiring)
    func subjects(_ rule: ByteText) -> [ByteText?] { rows.filter { $0.rule == rule }.map(\.subject) }
    #expect(subjects("p99 > 1ms") == ["all"])
    #expect(subjects("p99(a) > 1ms") == ["a"])
    #expect(subjects("p99(*) > 1ms") == ["a"])
    #expect(subjects("p99(*/*) > 1ms") == ["a x", "a y"])
    #expect(subjects("p99(a/x) > 1ms") == ["a x"])
  }

  @Test("a handful of requests is no reason for an alert about percentages and percentiles")
  func few() throws {
    var fixture = try watching("error%(*/*) > 5", "p99(*/*) > 1ms")
    fixture.tick { state, _ in state.add(failed: [9_000, 9_000, 9_000]) }
    #expect(firing(fixture).isEmpty)
    fixture.tick { state, _ in state.add(failed: [Int64](repeating: 9_000, count: 17)) }
    #expect(firing(fixture).count == 2)
  }

  @Test("requests for functions that do not exist are no errors of the gateway's")
  func unsupported() throws {
    var fixture = try watching("error%(*/*) > 5", "error% > 5")
    fixture.tick { state, _ in state.add("(unsupported)", "(any)", failed: [Int64](repeating: 1, count: 50)) }
    #expect(firing(fixture).isEmpty)
  }

  @Test("lost events are an alert until they are a window away")
  func lost() throws {
    var fixture = try watching("lost > 0")
    fixture.tick()
    fixture.model.fold(
      .frame(.dropped(at: 0, DroppedEvents(count: 7, fromSequence: 1, toSequence: 7))), of: 0, at: fixture.now
    )
    fixture.tick()
    #expect(firing(fixture) == ["all: 7"])
    for _ in 0..<61 { fixture.tick() }
    #expect(firing(fixture).isEmpty)
  }

  @Test("an open breaker and a refusing limit are named")
  func named() throws {
    var fixture = try watching("breaker open", "rejects(*) > 5/s", "rejects > 5/s", "no breaker open")
    fixture.tick { state, _ in
      state.limits = [LimitState(id: "g", scope: "global", key: "user_id", maxRequests: 10, windowMs: 1_000)]
    }
    #expect(firing(fixture) == ["all: no breaker open"])
    for _ in 0..<5 {
      fixture.tick { state, _ in
        state.limits[0].rejections += 900
        state.breakers = [BreakerState(pool: "async_pool", worker: 3, state: .open)]
      }
    }
    let found = firing(fixture)
    #expect(found.contains("gw1 async_pool worker 3: open"))
    #expect(found.contains { $0.hasPrefix("global user_id: ") })
    #expect(found.contains { $0.hasPrefix("all: ") && $0.hasSuffix("/s") })
    #expect(!found.contains("all: no breaker open"))
  }

  @Test("what is silent fires no alert about its numbers, but that it is down")
  func silent() throws {
    var fixture = try watching("rps > 1", "node down")
    fixture.tick { state, _ in state.add(ok: [Int64](repeating: 1, count: 300)) }
    #expect(firing(fixture).count == 1)
    fixture.second += 30
    fixture.model.tick(at: fixture.now)
    #expect(firing(fixture) == ["gw1: silent"])
  }

  @Test("one rule fires for a bounded number of things")
  func bounded() throws {
    var fixture = try watching("rps(*/*) > 0")
    fixture.tick { state, _ in for number in 0..<300 { state.add("s", "f\(number)", ok: [1]) } }
    #expect(fixture.model.alertRows.count == AlertBoard.mostSubjects)
  }

  @Test("a clock that is set back neither loses nor blocks an alert")
  func clockSetBack() throws {
    var fixture = try watching("node down for 3s")
    fixture.tick()
    fixture.model.fold(.failed("gone"), of: 0, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    fixture.second -= 3_600
    fixture.model.tick(at: fixture.now)
    #expect(firing(fixture).isEmpty)
    fixture.second += 3
    fixture.model.tick(at: fixture.now)
    #expect(firing(fixture) == ["gw1: gone"])
  }

  @Test("asked directly, an expression finds a value for each thing, and says which hold")
  func evaluated() throws {
    var fixture = ModelFixture()
    for _ in 0..<3 { fixture.tick { state, _ in state.add("a", "x", ok: [40_000]) } }
    func ask(_ text: String) throws -> [AlertFinding] {
      fixture.model.evaluate(try AlertExpression(parsing: text), window: .tenSeconds)
    }
    #expect(try ask("p99 < 250ms").map(\.holds) == [true])
    #expect(try ask("p99(*/*) < 1ms").map(\.holds) == [false])
    #expect(try ask("p99(nobody) < 250ms").isEmpty)
    #expect(try ask("breaker open").isEmpty)
    #expect(try ask("no breaker open").map(\.holds) == [true])
  }
}
