import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Circuits in operators' reports")
struct CircuitReportTests {
  /// A gateway on which a service on a node that is not there failed three times.
  private func failing(_ breakers: WorkerPoolConfiguration.Breakers = .service) async throws -> GatewayFixture
  {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(
        workers: 4, breakers: breakers, workerThreshold: 100, poolThreshold: 3)
    }
    try await fixture.failOnLostNode()
    return fixture
  }

  @Test("the pools' text names every circuit that is not closed: whose it is, its state and why it opened")
  func pools() async throws {
    let fixture = try await failing()
    let text = fixture.gateway.reports.pools()
    let lines = text.split(separator: "\n")
    #expect(lines[1].hasPrefix("async_pool   4     0     0     0       1 open   "), "\(text)")
    #expect(lines[3].hasPrefix("POOL        OF                    CIRCUIT"), "\(text)")
    #expect(
      text.contains(
        "async_pool  test on nowhere@test  open after 3 failures in a row, tries again in 60 s  0        "),
      "\(text)")
    fixture.clock.advance(by: .seconds(60))
    #expect(
      fixture.gateway.reports.pools().contains(
        "  half-open: the next request is its probe  "))
    let whole = try await failing(.pool).gateway.reports.pools()
    #expect(
      whole.contains("async_pool  the pool  open after 3 failures in a row, tries again in 60 s  "),
      "\(whole)")
    #expect(try GatewayFixture().gateway.reports.pools().split(separator: "\n").count == 3)
  }

  @Test("a half-open circuit says whether its probe is under way, or the next request is it")
  func probing() {
    var clock: Int64 = 0
    var breaker = CircuitBreaker(threshold: 1, cooldown: .seconds(2), now: clock)
    _ = breaker.failed(.first, reason: "timeout", at: clock)
    clock += 2_000_000_000
    #expect(breaker.state(at: clock) == .halfOpen && !breaker.isProbing(at: clock))
    let probe = breaker.admit(at: clock)
    #expect(probe != nil && breaker.isProbing(at: clock) && breaker.isProbing(at: clock + 1_999_999_999))
    // One that hangs shuts nobody out.
    #expect(!breaker.isProbing(at: clock + 2_000_000_000))
    if let probe { breaker.abandoned(probe) }
    #expect(breaker.state(at: clock) == .halfOpen && !breaker.isProbing(at: clock))
    for (isProbing, text) in [
      (true, "half-open: one request tries, others wait for what comes of it"),
      (false, "half-open: the next request is its probe"), (nil, "half-open: the next request is its probe"),
    ] {
      let state = BreakerState(pool: "p", state: .halfOpen, isProbing: isProbing)
      #expect(CircuitText.state(state, now: 0) == text)
    }
  }

  @Test(
    "the health names the circuits that are open, and is degraded until they are closed",
    arguments: [WorkerPoolConfiguration.Breakers.service, .pool])
  func healthUntilClosed(_ breakers: WorkerPoolConfiguration.Breakers) async throws {
    let fixture = try await failing(breakers)
    func check() -> HealthCheck? { fixture.gateway.health().checks.first { $0.name == "async_pool" } }
    let what = breakers == .service ? "the circuit of test on nowhere@test is" : "circuit"
    #expect(check()?.status == .degraded && check()?.detail.hasPrefix("\(what) open") == true)
    fixture.clock.advance(by: .seconds(60))
    #expect(check()?.status == .degraded && check()?.detail.hasPrefix("\(what) half-open") == true)
    #expect(fixture.gateway.asyncPool.breakerStates().contains { $0.isProbing == false })
  }

  @Test("the health names the services whose circuits are open")
  func health() async throws {
    let fixture = try await failing()
    #expect(
      fixture.gateway.reports.health().contains("the circuit of test on nowhere@test is open; 0 of 4 busy"))
    func open(_ count: Int) -> [BreakerState] {
      (1...count).map { BreakerState(pool: "p", service: "s\($0)", state: .open) }
    }
    #expect(
      CircuitText.names(open(3)) == "s1, s2, s3" && CircuitText.names(open(5)) == "s1, s2, s3 and 2 more")
    let table = CircuitText.table(open(CircuitText.mostRows + 7), now: 0)
    #expect(table.hasSuffix("\n… and 7 more"))
  }

  @Test(
    "the flow of a request and what would become of one say that its circuit is open and every one is refused",
    arguments: [WorkerPoolConfiguration.Breakers.service, .pool])
  func flows(_ breakers: WorkerPoolConfiguration.Breakers) async throws {
    let fixture = try await failing(breakers)
    let refusal: ByteText =
      breakers == .service
      ? "the circuit breaker of pool async_pool for test on nowhere@test is open"
      : "the circuit breaker of pool async_pool is open"
    let inspection = await fixture.gateway.inspect(fixture.request("lost"))
    #expect(inspection.isPermitted == true && inspection.flow.refusal == refusal)
    #expect(inspection.flow.circuits.map(\.state) == [.open])
    #expect(inspection.flow.steps.contains { $0.text.hasSuffix("; refused now: \(refusal)") })
    let text = await fixture.gateway.reports.inspection(of: fixture.request("lost"))
    #expect(text.contains("\n  refused now: \(refusal)\n"), "\(text)")
    #expect(text.contains("in async_pool: open after 3 failures in a row, tries again in 60 s\n"), "\(text)")
    let value = try ValueEncoder().encode(inspection)
    #expect(value["flow"]?["circuits"]?.array?.first?["state"] == "open")
    #expect(value["flow"]?["refusal"] == .string(refusal))
    // One of two nodes lets requests through, and so does a breaker whose time has come.
    try fixture.add("elsewhere") {
      $0.responseType = .async
      $0.nodes = .list(["nowhere@test", "a@test"])
    }
    let elsewhere = await fixture.gateway.callFlow(service: "test", requestType: "elsewhere")
    #expect((elsewhere.refusal == nil) == (breakers == .service) && elsewhere.circuits.count == 1)
    fixture.clock.advance(by: .seconds(60))
    let later = await fixture.gateway.callFlow(service: "test", requestType: "lost")
    #expect(later.refusal == nil && later.circuits.map(\.state) == [.halfOpen])
  }

  @Test("the circuits of another pool or service are none of a function's, and a sync function has none")
  func others() async throws {
    let fixture = try await failing()
    try fixture.add("sync")
    try fixture.add("parts") { $0.responseType = .stream }
    for type in ["sync", "parts"] as [ByteText] {
      let flow = await fixture.gateway.callFlow(service: "test", requestType: type)
      #expect(flow.circuits.isEmpty && flow.refusal == nil)
    }
    #expect(fixture.gateway.asyncPool.circuits(of: "other").isEmpty)
  }
}
