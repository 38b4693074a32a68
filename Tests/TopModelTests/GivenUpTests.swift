import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Given up, drained, and down")
struct GivenUpTests {
  @Test(
    "calls whose client went away, or that a gateway cut off, are no failures: of no row, no alert and no document",
    arguments: [RequestOutcome.cancelled, .cutOff])
  func cancelled(_ outcome: RequestOutcome) throws {
    var fixture = ModelFixture()
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "error%(*/*) > 5"))])
    for _ in 0..<5 {
      fixture.tick { state, _ in
        state.add(ok: Array(repeating: 10, count: 20))
        state.add(rejected: Array(repeating: 10, count: 20), outcome: outcome)
      }
    }
    #expect(fixture.model.alertRows.allSatisfy { !$0.isFiring })
    let row = fixture.model.requests(ViewSettings()).first
    #expect(row?.errorPercent == 0 && row?.rejectedPercent == 0 && row?.hasEnded == true)
    let series = fixture.model.summary.series.first
    #expect(series?.cancelled == 100 && series?.failed == 0 && series?.in_flight == 0)
  }

  @Test("what is under way is never below zero in the document, whatever a gateway counts")
  func huge() {
    var fixture = ModelFixture()
    let most = Int64(1) << 53
    fixture.tick { state, _ in
      state.series = [
        SeriesState(
          service: "s", requestType: "f", requests: most,
          outcomes: ["ok": most, "error": most, "rate_limited": most, "cancelled": most])
      ]
    }
    #expect(fixture.model.summary.series.first?.in_flight == 0)
  }

  @Test("a function's last refusal stands beside its last failure")
  func lastRefusal() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.series = [
        SeriesState(
          service: "s", requestType: "f", requests: 2, outcomes: ["error": 1, "unavailable": 1],
          lastError: "database_gone", lastErrorAt: Int64(index + 1), lastRefusal: "open \(index)",
          lastRefusalAt: Int64(index + 5))
      ]
    }
    let row = fixture.model.requests(ViewSettings()).first
    #expect(row?.lastError == "database_gone" && row?.lastRefusal == "open 1")
    let series = fixture.model.summary.series.first
    #expect(series?.last_error == "database_gone" && series?.last_refusal == "open 1")
  }

  @Test("of an error that came after the moment shown it is known that it is not the last one of then")
  func laterError() {
    var fixture = ModelFixture(gateways: 2)
    func fail(_ gateway: Int) {
      let at = fixture.now + 1_000_000
      fixture.tick { state, index in
        guard index == gateway else { return }
        state.add("s", "f", failed: [1_000], rejected: [0])
        (state.series[0].lastError, state.series[0].lastErrorAt) = ("gone", at)
        (state.series[0].lastRefusal, state.series[0].lastRefusalAt) = ("full", at)
      }
    }
    fail(0)
    fail(1)
    var past = ViewSettings()
    past.moment = .at(fixture.now)
    for _ in 0..<5 { fixture.tick() }
    func row() -> RequestRow? { fixture.model.requests(past).first }
    #expect(row()?.lastError == "gone" && row()?.missesLastError == false)
    #expect(row()?.missesLastRefusal == false)
    fail(1)
    #expect(row()?.lastError == "gone" && row()?.missesLastError == true)
    fail(0)
    #expect(row()?.lastError == nil && row()?.missesLastError == true)
    #expect(row()?.lastRefusal == nil && row()?.missesLastRefusal == true)
    #expect(row()?.errorPercent == 50)
    #expect(fixture.model.requests(ViewSettings()).first?.missesLastError == false)
  }

  @Test("a node that is down says why, each reason once, and what went on to others is none of its failures")
  func down() throws {
    var fixture = ModelFixture(gateways: 3)
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "node down"))])
    for number in 1...3 {
      fixture.tick { state, index in
        state.nodes = [
          ServiceNodeState(
            node: "s@a", up: false, since: 1, calls: Int64(number * 20), failures: Int64(number * 20),
            reason: index < 2 ? "another cookie" : "connection refused", failovers: Int64(number * 20))
        ]
      }
    }
    let row = try #require(fixture.model.nodes(ViewSettings()).first { $0.kind == .service })
    #expect(row.whyDown == "gw1: another cookie; gw3: connection refused")
    #expect(row.requestsPerSecond ?? 0 > 0 && row.errorPercent == 0 && row.failoverPercent == 100)
    #expect(row.sightings.allSatisfy { $0.errorPercent == 0 && $0.failoverPercent == 100 })
    let alert = fixture.model.alertRows.first { $0.isFiring }
    #expect(alert?.subject == "s@a")
    fixture.tick { state, _ in state.nodes[0].reason = "another cookie" }
    #expect(
      fixture.model.nodes(ViewSettings()).first { $0.kind == .service }?.whyDown == "another cookie")
  }

  @Test("lines of a log that are lost are an alert, for the gateway that loses them")
  func lostLines() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.model.watch(AlertRule.defaults)
    for number in 1...3 {
      fixture.tick { state, index in if index == 1 { state.process.droppedLogLines = Int64(number * 7) } }
    }
    let firing = fixture.model.alertRows.filter(\.isFiring)
    #expect(firing.count == 1 && firing.first?.subject == "gw2", "\(firing)")
    #expect(fixture.model.gateway(named: "gw2")?.droppedLogLines == 21)
    #expect(fixture.model.summary.nodes.map(\.dropped_log_lines) == [0, 21])
  }
}
