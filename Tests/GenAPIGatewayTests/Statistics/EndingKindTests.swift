import GenAPITelemetry
import GenAPIValue
import TestWaiting
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

  @Test("calls whose client went away, and those that the gateway cut off, are given up, and no failures")
  func givenUp() {
    let statistics = GatewayStatistics()
    let series = statistics.series(FunctionIdentity(service: "s", requestType: "f"))
    for outcome in RequestOutcome.allCases { finish(series, outcome, "x", at: 1) }
    series.started()
    var state = GatewayState()
    statistics.fill(&state)
    let totals = state.totals
    #expect(totals.cancelled == 2 && totals.ok == 1 && totals.rejected == 5 && totals.failed == 6)
    #expect(
      totals.requests == totals.ok + totals.failed + totals.rejected + totals.cancelled + totals.inFlight)
    for outcome in [RequestOutcome.cancelled, .cutOff] {
      #expect(!outcome.isFailure && !outcome.isRejection && outcome.isGivenUp)
      #expect(EventSeverity(of: outcome) == .warning)
    }
  }

  @Test("what runs when a gateway ends is counted as cut off, and not as given up by whoever asked")
  func ended() async throws {
    let fixture = try GatewayFixture()
    for (type, kind) in [("later", ResponseType.async), ("parts", .stream)] as [(ByteText, ResponseType)] {
      try fixture.add(type) {
        $0.responseType = kind
        $0.timeout = .seconds(300)
      } _: { [clock = fixture.clock] _ in
        try await clock.sleep(milliseconds: 600_000)
        return .ok(.null)
      }
    }
    let run = Task { try await fixture.gateway.run() }
    await fixture.clock.waitForSleepers()
    for type in ["later", "parts"] as [ByteText] {
      _ = await fixture.gateway.execute(fixture.request(type), on: fixture.connect())
    }
    try await eventually {
      fixture.gateway.asyncPool.poolState().busy == 1 && fixture.gateway.streamPool.poolState().busy == 1
    }
    run.cancel()
    try await run.value
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
    let stops = fixture.events().compactMap(\.stop)
    #expect(stops.map(\.outcome) == [.cutOff, .cutOff])
    #expect(stops.map(\.error) == Array(repeating: "the gateway shut down before the answer", count: 2))
    #expect(fixture.gateway.currentState().totals.cancelled == 2)
  }

  @Test(
    "a client that goes while a hook is asked that obeys being cancelled has given up, and was refused by nobody"
  )
  func goneInAHook() async throws {
    let fixture = try GatewayFixture()
    fixture.gateway.functions.registerBeforeHook("H.slow") { [clock = fixture.clock] request, config, _ in
      try await clock.sleep(milliseconds: 1_000)
      return .proceed(request, config)
    }
    try fixture.add("later") {
      $0.beforeExecute = FunctionReference("H", "slow")
    } _: { _ in
      .ok(.null)
    }
    let connection = fixture.connect()
    let task = Task { await fixture.gateway.execute(fixture.request("later"), on: connection) }
    await fixture.clock.waitForSleepers()
    task.cancel()
    _ = await task.value
    #expect(fixture.events().compactMap(\.stop).map(\.outcome) == [.cancelled])
    #expect(fixture.gateway.currentState().series.first { $0.requestType == "later" }?.lastRefusal == nil)
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
