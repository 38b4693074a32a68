import GenAPIStream
import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Moments of which nothing was kept")
struct NothingKeptTests {
  private func at(_ second: Int64) -> ViewSettings {
    var settings = ViewSettings()
    settings.window = .tenSeconds
    settings.moment = .at(ModelFixture.start + second * 1_000_000)
    return settings
  }

  /// Told of for ten seconds, then not for two minutes, then again.
  private func gap(gateways: Int = 1) -> ModelFixture {
    var fixture = ModelFixture(gateways: gateways)
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    for _ in 0..<120 {
      fixture.second += 1
      if gateways > 1 {
        fixture.states[1].add(ok: [1_000])
        fixture.send(1)
      }
      fixture.model.tick(at: fixture.now)
    }
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    return fixture
  }

  @Test("a second of which nothing came is told as that, not as one in which nothing happened")
  func nothing() {
    let fixture = gap()
    let header = fixture.model.header(at(60))
    #expect(header.isNothingKept && header.nodesKept == 0)
    #expect(header.trend.allSatisfy { $0 < 0 })
    let row = fixture.model.nodes(at(60))[0]
    #expect(!row.isKept && row.p99 == nil && row.sockets == nil)
    #expect(fixture.model.requests(at(60)).allSatisfy { !$0.isKept })
    #expect(!fixture.model.header(at(5)).isNothingKept && fixture.model.requests(at(5))[0].isKept)
    #expect(!fixture.model.header(ViewSettings()).isNothingKept)
  }

  @Test("the trend has holes where nothing came, and zeros where nothing happened")
  func trend() {
    let fixture = gap()
    // Of the minute before: the gap up to second 130, its end without something to compare with, and then one a second.
    #expect(fixture.model.header(at(140)).trend.prefix(50).allSatisfy { $0 < 0 })
    #expect(fixture.model.header(at(140)).trend.suffix(9).allSatisfy { $0 == 1 })
    var quiet = ModelFixture()
    for _ in 0..<5 { quiet.tick() }
    #expect(quiet.model.header(ViewSettings()).trend.suffix(5).allSatisfy { $0 == 0 })
  }

  @Test("one gateway of which something was kept is enough for the sums, and the other is told apart")
  func partly() {
    let fixture = gap(gateways: 2)
    let header = fixture.model.header(at(60))
    #expect(!header.isNothingKept && header.nodesKept == 1 && header.nodesTotal == 2)
    #expect(fixture.model.nodes(at(60)).map(\.isKept) == [false, true])
    let row = fixture.model.requests(at(60))[0]
    #expect(row.isKept && abs(row.requestsPerSecond - 1) < 0.01)
  }

  @Test("a breaker's timeline is empty where nothing came")
  func timeline() {
    var fixture = ModelFixture()
    func open() -> (inout GatewayState, Int) -> Void {
      { state, _ in state.breakers = [BreakerState(pool: "p", state: .open)] }
    }
    for _ in 0..<5 { fixture.tick(open()) }
    fixture.second += 120
    for _ in 0..<3 { fixture.tick(open()) }
    var settings = at(fixture.second)
    settings.window = .fiveMinutes
    let timeline = fixture.model.circuits(settings, slots: 300).breakers[0].timeline
    #expect(
      timeline.suffix(2) == [.open, .open] && timeline.dropLast(10).suffix(100).allSatisfy { $0 == nil })
  }
}
