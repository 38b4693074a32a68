import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Alerts of the past")
struct AlertHistoryTests {
  /// A gateway whose breaker is open from the 5th to the 9th of 20 seconds.
  private var fixture: ModelFixture {
    var fixture = ModelFixture()
    for second in 1...20 {
      fixture.tick { state, _ in
        state.pools = [PoolState(name: "async", workers: 1)]
        state.breakers = [BreakerState(pool: "async", state: (5...9).contains(second) ? .open : .closed)]
      }
    }
    return fixture
  }

  private func firing(_ model: ClusterModel, second: Int64) -> [String] {
    var settings = ViewSettings()
    settings.moment = .at(ModelFixture.start + second * 1_000_000 + 500_000)
    return model.alertRows(settings).filter(\.isFiring).map(\.rule.string)
  }

  @Test("a paused screen shows the alerts of its moment, not those of now")
  func past() {
    let model = fixture.model
    #expect(firing(model, second: 4).isEmpty)
    #expect(firing(model, second: 7) == ["breaker open"])
    #expect(firing(model, second: 12).isEmpty)
    #expect(model.alertRows(ViewSettings()).allSatisfy { !$0.isFiring })
    var settings = ViewSettings()
    settings.moment = .at(ModelFixture.start + 7_000_000)
    #expect(model.alertRows(settings).count == AlertRule.defaults.count)
  }

  @Test("each time that an alert fired is kept with its beginning and its end")
  func episodes() {
    let episodes = fixture.model.alertEpisodes(ViewSettings())
    #expect(episodes.map(\.rule.string) == ["breaker open"])
    #expect(episodes[0].from == ModelFixture.start + 5_000_000)
    #expect(episodes[0].until == ModelFixture.start + 10_000_000)
    #expect(episodes[0].subject == "gw1 async")
  }

  @Test("a rule that fires again and again keeps to its bound")
  func bound() {
    var history = AlertHistory()
    for second in 0..<Int64(5_000) {
      let isOn = second % 2 == 0
      let row = AlertRow(id: "0\u{1F}a", rule: "r", isFiring: isOn, since: isOn ? second : nil)
      history.record([row], at: second * 1_000_000)
    }
    #expect(history.episodes.count == AlertHistory.mostEpisodes)
    #expect(history.rows(at: 0) == nil)
    #expect(history.rows(at: 4_998_000_000)?.count == 1)
  }
}
