import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("How long a task waits for a worker")
struct PoolPatienceTests {
  @Test("a task that waited its whole time never runs, and has ended when the time is over")
  func waitedTooLong() async throws {
    let fixture = try PoolFixture(workers: 1)
    try fixture.submit(1, timeout: .seconds(60))
    try fixture.submit(2, timeout: .seconds(60), patience: .milliseconds(400))
    try fixture.submit(3, timeout: .seconds(60))
    await fixture.clock.waitForSleepers(of: .milliseconds(400))
    fixture.clock.advance(by: .milliseconds(399))
    #expect(fixture.endsOf(2).isEmpty && fixture.pool.poolState().queued == 2)
    fixture.clock.advance(by: .milliseconds(1))
    await fixture.wait { $0.ends.contains { $0.id == 2 } }
    #expect(fixture.endsOf(2) == [.waitedTooLong] && fixture.refusalsOf(2).isEmpty)
    #expect(fixture.pool.poolState().queued == 1)
    await fixture.end(1)
    await fixture.end(3)
    #expect(fixture.log.withLock { $0.started } == [1, 3])
    let state = fixture.pool.poolState()
    #expect(
      state.executed == 2 && state.failed == 0 && state.rejected == 1 && fixture.clock.sleeperCount == 0)
  }

  @Test("waiting does not count as running: a task that a worker took in time has its whole time")
  func wholeTime() async throws {
    let fixture = try PoolFixture(workers: 1)
    try fixture.submit(1, timeout: .seconds(60))
    try fixture.submit(2, timeout: .milliseconds(400), patience: .milliseconds(400))
    await fixture.clock.waitForSleepers(of: .milliseconds(400))
    fixture.clock.advance(by: .milliseconds(399))
    await fixture.end(1)
    await fixture.wait { $0.running[2] != nil }
    await fixture.clock.waitForSleepers(of: .milliseconds(400))
    fixture.clock.advance(by: .milliseconds(399))
    #expect(fixture.endsOf(2).isEmpty)
    await fixture.end(2)
    #expect(fixture.endsOf(2) == [.completed(.success)])
  }

  @Test("what waits no longer, cancelled or refused, leaves no timer")
  func noTimerStays() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1)
    try fixture.submit(1, timeout: .seconds(60))
    let cancelled = try fixture.submit(2, patience: .seconds(7))
    try fixture.submit(3, patience: .seconds(7))
    await fixture.clock.waitForSleepers(of: .seconds(7), 2)
    cancelled.cancel()
    #expect(fixture.endsOf(2) == [.cancelled])
    await fixture.end(1, .throwing)
    #expect(fixture.refusalsOf(3) == [.circuitOpen])
    try await eventually { fixture.clock.sleeperCount == 0 }
  }

  @Test("a probe that no worker took in time makes room for another, and its breaker stays as it is")
  func probe() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1, breakers: .service)
    try await fixture.run(1...1, .throwing, service: "lost")
    fixture.clock.advance(by: .seconds(60))
    try fixture.submit(2, service: "other", timeout: .seconds(600))
    try fixture.submit(3, service: "lost", patience: .milliseconds(300))
    #expect(fixture.refusal(4, service: "lost")?.reason == .circuitOpen)
    await fixture.clock.waitForSleepers(of: .milliseconds(300))
    fixture.clock.advance(by: .milliseconds(300))
    await fixture.wait { $0.ends.contains { $0.id == 3 } }
    #expect(fixture.pool.poolState().halfOpenServices == 1)
    try fixture.submit(5, service: "lost")
    await fixture.end(2)
    await fixture.end(5)
    #expect(fixture.pool.poolState().halfOpenServices == 0)
  }

  /// A client whose call finds every worker of its pool taken.
  private func crowded(_ type: ResponseType) async throws -> (
    answers: [Response], stop: RequestStop?, called: Int
  ) {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 1)
      $0.streamPool = WorkerPoolConfiguration(workers: 1)
      $0.showsErrorDetail = true
    }
    let called = Mutex(0)
    try fixture.add("long") {
      $0.responseType = type
      $0.timeout = .seconds(60)
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 50_000)
      return .ok(.null)
    }
    try fixture.add("short") {
      $0.responseType = type
      $0.timeout = .milliseconds(400)
    } _: { _ in
      called.withLock { $0 += 1 }
      return .ok(.null)
    }
    let holder = fixture.connect(ClientIdentity(userID: "u2"))
    _ = await fixture.gateway.execute(fixture.request("long"), on: holder)
    await fixture.clock.waitForSleepers(of: .seconds(50))
    let connection = fixture.connect()
    _ = fixture.events()
    _ = await fixture.gateway.execute(fixture.request("short"), on: connection)
    await fixture.clock.waitForSleepers(of: .milliseconds(400))
    fixture.clock.advance(by: .milliseconds(400))
    let answers = await connection.received(1)
    try await eventually { fixture.gateway.currentState().totals.inFlight == 1 }
    fixture.clock.advance(by: .seconds(50))
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
    let stops = fixture.events().compactMap(\.stop)
    return (
      answers, stops.first { $0.request.function.requestType == "short" }, called.withLock { $0 }
    )
  }

  @Test(
    "a call whose timeout passes while it waits for a worker is answered then, may be sent again, and never runs (W-11)",
    arguments: [ResponseType.async, .stream])
  func calls(_ type: ResponseType) async throws {
    let (answers, stop, called) = try await crowded(type)
    #expect(answers == [.error("r1", "Service temporarily unavailable", canRetry: true)])
    #expect(stop?.outcome == .timeout && stop?.error == "no worker was free in time")
    #expect(stop?.durationUs == 400_000 && called == 0)
  }
}
