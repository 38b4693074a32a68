import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("Circuit breakers of services")
struct ServiceBreakerTests {
  private func fixture(workers: Int = 4, logger: Logger? = nil) throws -> PoolFixture {
    if let logger { return try PoolFixture(workers: workers, breakers: .service, logger: logger) }
    return try PoolFixture(workers: workers, breakers: .service)
  }

  @Test(
    "one dead service does not stop another: after hundreds of its failures every call of the other gets through"
  )
  func oneDeadService() async throws {
    let fixture = try fixture()
    var refused = 0
    for id in 1...400 {
      if fixture.refusal(id, service: "a") == nil {
        await fixture.end(id, .unreachable)
      } else {
        refused += 1
      }
      try fixture.submit(1_000 + id, service: "b")
      await fixture.end(1_000 + id)
    }
    #expect(refused == 390)
    let state = fixture.pool.poolState()
    #expect(state.breaker == .closed && state.openWorkers == 0 && state.openServices == 1)
    let open = fixture.pool.breakerStates().filter { $0.state == .open }
    #expect(open.map(\.service) == ["a"] && open.first?.lastReason == "unreachable")
  }

  @Test("the refusal and its events name the service and its node")
  func named() async throws {
    let fixture = try fixture()
    try await fixture.run(1...10, .throwing, service: "a", node: "n1")
    let refusal = fixture.refusal(11, service: "a", node: "n1")
    #expect(
      refusal
        == PoolRefusal(
          pool: "async_pool", reason: .circuitOpen, scope: .service, circuit: .open, service: "a", node: "n1")
    )
    #expect(refusal?.description == "the circuit breaker of pool async_pool for a on n1 is open")
    var opened: BreakerOpen?
    var rejected: TaskRejection?
    for emitted in fixture.events.drain().events {
      if case .breakerOpen(let event) = emitted.event { opened = event }
      if case .taskRejected(let event) = emitted.event { rejected = event }
    }
    #expect(opened?.scope == .service && opened?.service == "a" && opened?.node == "n1")
    #expect(opened?.consecutiveFailures == 10 && opened?.worker == nil)
    #expect(rejected?.scope == .service && rejected?.node == "n1" && rejected?.circuit == .open)
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(12...12, service: "a", node: "n1")
    let closed = fixture.events.drain().events.compactMap { emitted -> BreakerClose? in
      if case .breakerClose(let event) = emitted.event { event } else { nil }
    }
    #expect(closed.map(\.service) == ["a"] && closed.first?.openMs == 60_000)
  }

  @Test("a node that fails does not stop its service on another, and calls prefer that")
  func nodes() async throws {
    let fixture = try fixture()
    try await fixture.run(1...10, .unreachable, service: "a", node: "n1")
    #expect(fixture.refusal(11, service: "a", node: "n1")?.reason == .circuitOpen)
    try await fixture.run(12...20, service: "a", node: "n2")
    #expect(fixture.pool.preferring(["n1", "n2", "n3"], of: "a") == ["n2", "n3", "n1"])
    #expect(fixture.pool.preferring(["n1", "n2"], of: "b") == ["n1", "n2"])
    fixture.clock.advance(by: .milliseconds(60_000))
    #expect(fixture.pool.preferring(["n1", "n2"], of: "a") == ["n1", "n2"])
  }

  @Test("in a busy pool the probe waits for a worker, alone, and its success closes the breaker")
  func probeWaits() async throws {
    let fixture = try fixture(workers: 1)
    try await fixture.run(1...10, .throwing, service: "a")
    fixture.clock.advance(by: .milliseconds(60_000))
    try fixture.submit(11, service: "b")
    try fixture.submit(12, service: "a")
    _ = fixture.events.drain()
    let refusal = fixture.refusal(13, service: "a")
    #expect(refusal?.scope == .service && refusal?.reason == .circuitOpen)
    #expect(
      refusal?.description
        == "the circuit breaker of pool async_pool for a is half-open, and lets only its probe through")
    #expect(fixture.pool.refusal(of: "a", on: [nil]) == refusal)
    #expect(fixture.rejections().map(\.circuit) == [.halfOpen])
    #expect(fixture.pool.poolState().halfOpenServices == 1)
    await fixture.end(11)
    await fixture.end(12)
    #expect(fixture.pool.poolState().halfOpenServices == 0)
    try await fixture.run(14...20, service: "a")
  }

  @Test("a probe that is given up while it waits makes room for another")
  func probeGivenUp() async throws {
    let fixture = try fixture(workers: 1)
    try await fixture.run(1...10, .throwing, service: "a")
    fixture.clock.advance(by: .milliseconds(60_000))
    try fixture.submit(11, service: "b")
    try fixture.submit(12, service: "a").cancel()
    try fixture.submit(13, service: "a")
    await fixture.end(11)
    await fixture.end(13)
    #expect(fixture.pool.poolState().halfOpenServices == 0)
  }

  @Test("what waits of a service whose breaker opens is refused at once; what waits of others runs")
  func waiting() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1, breakers: .service)
    try fixture.submit(1, service: "a")
    for id in 2...3 { try fixture.submit(id, service: "a") }
    try fixture.submit(4, service: "b")
    await fixture.end(1, .throwing)
    await fixture.wait { $0.refusals.count == 2 }
    #expect(fixture.refusalsOf(2) == [.circuitOpen] && fixture.refusalsOf(3) == [.circuitOpen])
    await fixture.end(4)
    #expect(fixture.pool.poolState().queued == 0 && fixture.pool.poolState().rejected == 2)
  }

  @Test("the log says when a breaker opens, probes and closes")
  func log() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try fixture(logger: Logger(label: "test") { _ in lines })
    try await fixture.run(1...10, .unreachable, service: "a", node: "n1")
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(11...11, .unreachable, service: "a", node: "n1")
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(12...12, service: "a", node: "n1")
    #expect(
      lines.entries.map { "\($0.message)" } == [
        "a circuit breaker opened", "a circuit breaker is half-open and lets a probe through",
        "a circuit breaker opened", "a circuit breaker is half-open and lets a probe through",
        "a circuit breaker closed",
      ])
    let first = lines.entries.first?.metadata.mapValues { "\($0)" }
    #expect(first?["service"] == "a" && first?["node"] == "n1" && first?["pool"] == "async_pool")
    #expect(
      first?["reason"] == "unreachable" && first?["failures"] == "10" && first?["cooldown_ms"] == "60000")
  }

  @Test("the document's breaker over the whole pool can be chosen")
  func wholePool() async throws {
    let fixture = try PoolFixture(workers: 4, breakers: .pool)
    try await fixture.run(1...10, .throwing, service: "a")
    #expect(fixture.refusal(11, service: "b")?.scope == .pool)
    #expect(fixture.pool.poolState().openServices == 0)
  }

  @Test("services that fail now and then take no memory, and breakers have a bound")
  func bounded() async throws {
    var breakers = ServiceBreakers(threshold: 3, cooldown: .nanoseconds(100))
    for number in 0..<20_000 {
      let key = BreakerKey(service: "s\(number)", node: nil)
      let permit = breakers.admit(key, at: 0)!
      _ = breakers.failed(key, permit, reason: "x", at: 0)
    }
    #expect(breakers.count == ServiceBreakers.most)
    for number in 0..<20_000 {
      _ = breakers.succeeded(BreakerKey(service: "s\(number)", node: nil), .first, at: 0)
    }
    #expect(breakers.count == 0)
  }
}
