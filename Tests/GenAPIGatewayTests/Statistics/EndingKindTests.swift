import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Failed, refused and given up")
struct EndingKindTests {
  private func finish(_ series: SeriesStatistics, _ outcome: RequestOutcome, _ error: ByteText?, at: Int64) {
    series.started()
    series.finished(outcome, durationUs: 1, error: error, at: at)
  }

  @Test("the last error is the last failure; a breaker's refusals stand beside it and do not hide it")
  func lastError() {
    let series = SeriesStatistics(function: FunctionIdentity(service: "s", requestType: "f"))
    finish(series, .exception, "database_gone", at: 1)
    finish(series, .unavailable, "the circuit breaker of pool async_pool for s is open", at: 2)
    finish(series, .cancelled, "the client is gone", at: 3)
    finish(series, .ok, nil, at: 4)
    #expect(series.state.lastError == "database_gone" && series.state.lastErrorAt == 1)
    #expect(series.state.lastRefusal == "the circuit breaker of pool async_pool for s is open")
    #expect(series.state.lastRefusalAt == 2)
  }

  @Test("calls whose client went away are given up, and no failures")
  func givenUp() {
    let statistics = GatewayStatistics()
    let series = statistics.series(FunctionIdentity(service: "s", requestType: "f"))
    for outcome in RequestOutcome.allCases { finish(series, outcome, "x", at: 1) }
    series.started()
    var state = GatewayState()
    statistics.fill(&state)
    let totals = state.totals
    #expect(totals.cancelled == 1 && totals.ok == 1 && totals.rejected == 5 && totals.failed == 6)
    #expect(
      totals.requests == totals.ok + totals.failed + totals.rejected + totals.cancelled + totals.inFlight)
    #expect(!RequestOutcome.cancelled.isFailure && !RequestOutcome.cancelled.isRejection)
    #expect(EventSeverity(of: .cancelled) == .warning)
  }

  @Test("a request that comes while the gateway shuts down is counted as its function's, refused for that")
  func draining() throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    let payload: Value = [
      "service": "test", "request_type": "echo", "request_id": "r1", "args": [:],
    ]
    _ = fixture.events()
    let response = fixture.gateway.refuseDraining(payload, from: ClientIdentity(userID: "u1"))
    #expect(response.error == "Service temporarily unavailable" && response.canRetry)
    let series = fixture.gateway.currentState().series.first { $0.requestType == "echo" }
    #expect(series?.outcomes == ["draining": 1] && series?.lastRefusal == "the gateway shuts down")
    #expect(fixture.events().compactMap(\.stop).map(\.outcome) == [.draining])
    #expect(fixture.gateway.currentState().totals.rejected == 1)
  }
}
