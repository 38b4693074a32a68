import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Rates of what is counted by events")
struct EventRateTests {
  private var settings: ViewSettings {
    var settings = ViewSettings()
    settings.requestGrouping = .users
    return settings
  }

  /// As many ends of requests a second, for as many seconds, told as they happen.
  private func watched(_ fixture: inout ModelFixture, _ each: Int64, seconds: Int) -> [EventRow] {
    for _ in 0..<seconds {
      for number in 0..<each {
        let at = fixture.now + number * 1_000_000 / each
        fixture.model.fold(.frame(.event(.stop(number, at: at))), of: 0, at: at)
      }
      fixture.tick()
    }
    return fixture.model.events(settings, limit: EventHistory.capacity).rows
  }

  @Test("a span of two seconds and a half counts as that, where the events that are kept are as few")
  func fraction() {
    var fixture = ModelFixture()
    // 8 000 are kept: of 3 200 a second those of 2.5 s.
    let rows = watched(&fixture, 3_200, seconds: 6)
    let groups = fixture.model.requestGroups(of: rows, settings)
    let rate = groups.rows.first?.numbers.requestsPerSecond ?? 0
    #expect(abs(rate - 3_200) < 32, "\(rate)")
  }

  @Test("what gateways did not send while another filter was on is in no span")
  func hole() {
    var fixture = ModelFixture()
    _ = watched(&fixture, 100, seconds: 10)
    // Nothing passes the filter for six seconds.
    for _ in 0..<6 { fixture.tick() }
    fixture.model.noteOtherEvents(at: fixture.now)
    let rows = watched(&fixture, 100, seconds: 4)
    let groups = fixture.model.requestGroups(of: rows, settings)
    let rate = groups.rows.first?.numbers.requestsPerSecond ?? 0
    #expect(abs(rate - 100) < 2, "\(rate)")
  }
}
