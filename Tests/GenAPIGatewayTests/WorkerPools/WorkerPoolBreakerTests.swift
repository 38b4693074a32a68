import GenAPITelemetry
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Circuit breakers of a worker pool")
struct WorkerPoolBreakerTests {
  @Test("ten failures in a row over the pool open its breaker, once (W-10)")
  func poolOpens() async throws {
    let fixture = try PoolFixture(workers: 4)
    try await fixture.run(1...10, .throwing)
    #expect(fixture.pool.poolState().breaker == .open)
    #expect(fixture.pool.poolState().consecutiveFailures == 10)
    let opened = fixture.events.drain().events.compactMap { emitted -> BreakerOpen? in
      if case .breakerOpen(let open) = emitted.event { open } else { nil }
    }
    #expect(opened.map(\.scope) == [.pool])
    #expect(opened.first?.consecutiveFailures == 10 && opened.first?.cooldownMs == 60_000)
    #expect(
      fixture.refusal(11)
        == PoolRefusal(pool: "async_pool", reason: .circuitOpen, scope: .pool, circuit: .open))
  }

  @Test("an answer of an infrastructure kind is a failure too (W-10)")
  func infrastructure() async throws {
    let fixture = try PoolFixture(workers: 4)
    try await fixture.run(1...10, .unreachable)
    #expect(fixture.pool.poolState().breaker == .open)
    #expect(fixture.pool.breakerStates()[0].lastReason == "unreachable")
  }

  @Test("a success between failures keeps the pool's breaker closed")
  func successResets() async throws {
    let fixture = try PoolFixture(workers: 20)
    try await fixture.run(1...9, .throwing)
    try await fixture.run(10...10)
    try await fixture.run(11...19, .throwing)
    #expect(fixture.pool.poolState().breaker == .closed)
  }

  @Test("after the cooldown one probe runs, and its success closes the pool's breaker")
  func poolProbe() async throws {
    let fixture = try PoolFixture(workers: 4)
    try await fixture.run(1...10, .throwing)
    fixture.clock.advance(by: .milliseconds(59_999))
    #expect(fixture.refusal(11) != nil)
    fixture.clock.advance(by: .milliseconds(1))
    #expect(fixture.pool.poolState().breaker == .halfOpen)
    try fixture.submit(12)
    _ = fixture.events.drain()
    let refusal = fixture.refusal(13)
    #expect(refusal?.scope == .pool && refusal?.reason == .circuitOpen)
    #expect(
      refusal?.description
        == "the circuit breaker of pool async_pool is half-open, and lets only its probe through")
    #expect(fixture.rejections().map(\.circuit) == [.halfOpen])
    await fixture.end(12)
    #expect(fixture.pool.poolState().breaker == .closed)
    let closed = fixture.events.drain().events.compactMap { emitted -> BreakerClose? in
      if case .breakerClose(let close) = emitted.event { close } else { nil }
    }
    #expect(closed.map(\.scope) == [.pool])
    #expect(closed.first?.openMs == 60_000)
    try await fixture.run(14...20)
  }

  @Test("a probe that fails opens the pool's breaker again")
  func poolProbeFails() async throws {
    let fixture = try PoolFixture(workers: 4)
    try await fixture.run(1...10, .throwing)
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(11...11, .throwing)
    #expect(fixture.refusal(12)?.scope == .pool)
    #expect(fixture.pool.breakerStates()[0].openedCount == 2)
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(13...13)
    #expect(fixture.pool.poolState().breaker == .closed)
  }

  @Test("a probe that is given up makes room for another")
  func probeCancelled() async throws {
    let fixture = try PoolFixture(workers: 4)
    try await fixture.run(1...10, .throwing)
    fixture.clock.advance(by: .milliseconds(60_000))
    try fixture.submit(11).cancel()
    try await fixture.run(12...12)
    #expect(fixture.pool.poolState().breaker == .closed)
  }

  @Test("five failures in a row open a worker's breaker; it is skipped while others are closed (W-10)")
  func workerOpens() async throws {
    let fixture = try PoolFixture(workers: 2, poolThreshold: 1_000)
    // The workers take turns: the odd tasks run on worker 0.
    for id in 1...10 {
      try fixture.submit(id)
      await fixture.end(id, id % 2 == 1 ? .throwing : .success(.success))
    }
    #expect(fixture.pool.poolState().openWorkers == 1)
    let opened = fixture.events.drain().events.compactMap { emitted -> BreakerOpen? in
      if case .breakerOpen(let open) = emitted.event { open } else { nil }
    }
    #expect(opened.map(\.worker) == [0])
    try await fixture.run(11...14)
    let workers = fixture.events.drain().events.compactMap { emitted -> Int? in
      if case .taskStart(let task, _) = emitted.event { task.worker } else { nil }
    }
    #expect(workers == [1, 1, 1, 1])
  }

  @Test("an open worker is probed after its cooldown, and closes when the probe succeeds")
  func workerProbe() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1_000)
    try await fixture.run(1...5, .throwing)
    #expect(
      fixture.refusal(6)
        == PoolRefusal(pool: "async_pool", reason: .circuitOpen, scope: .worker, circuit: .open, worker: 0))
    fixture.clock.advance(by: .milliseconds(60_000))
    #expect(fixture.pool.poolState().halfOpenWorkers == 1)
    try fixture.submit(7)
    _ = fixture.events.drain()
    #expect(
      fixture.refusal(8)?.description
        == "no circuit breaker of a worker of pool async_pool is closed, and those that are half-open let only their probes through"
    )
    #expect(fixture.rejections().map(\.circuit) == [.halfOpen])
    await fixture.end(7)
    #expect(fixture.names().contains(.workerPoolCircuitBreakerClose))
    #expect(fixture.pool.breakerStates().count == 1)
  }

  @Test("a task that waits when the last worker opens is refused, once, not forgotten (W-10)")
  func refusedAfterQueuing() async throws {
    let fixture = try PoolFixture(workers: 1, workerThreshold: 1, poolThreshold: 1_000)
    for id in 1...3 { try fixture.submit(id) }
    await fixture.end(1, .throwing)
    await fixture.wait { $0.refusals.count == 2 }
    #expect(fixture.refusalsOf(2) == [.circuitOpen])
    #expect(fixture.refusalsOf(3) == [.circuitOpen])
    #expect(fixture.endsOf(2).isEmpty)
    #expect(fixture.pool.poolState().rejected == 2 && fixture.pool.poolState().queued == 0)
  }

  @Test("tasks that wait when the pool's breaker opens are refused")
  func refusedByPool() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1)
    for id in 1...2 { try fixture.submit(id) }
    await fixture.end(1, .throwing)
    await fixture.wait { $0.refusals.count == 1 }
    #expect(fixture.refusalsOf(2) == [.circuitOpen])
    guard
      case .taskRejected(let rejection)? = fixture.events.drain().events.first(where: {
        $0.name == .workerPoolTaskRejected
      })?.event
    else {
      Issue.record("no rejected event")
      return
    }
    #expect(rejection.scope == .pool && rejection.worker == nil && rejection.circuit == .open)
  }

  @Test("tasks wait while a closed worker is busy, even when the idle ones are open")
  func waitsForClosed() async throws {
    let fixture = try PoolFixture(workers: 2, workerThreshold: 1, poolThreshold: 1_000)
    try fixture.submit(1)
    try fixture.submit(2)
    await fixture.end(1, .throwing)
    try fixture.submit(3)
    #expect(fixture.pool.poolState().queued == 1)
    await fixture.end(2)
    await fixture.end(3)
    #expect(fixture.endsOf(3) == [.completed(.success)])
  }

  @Test("breaker states tell since when, when the probe is due, how often and why it opened")
  func breakerStates() async throws {
    let fixture = try PoolFixture(workers: 2, workerThreshold: 1, poolThreshold: 1_000)
    fixture.clock.advance(by: .milliseconds(1_000))
    let openedAt = fixture.clock.wallMicroseconds()
    try await fixture.run(1...1, .throwing)
    fixture.clock.advance(by: .milliseconds(500))
    var states = fixture.pool.breakerStates()
    #expect(states.map(\.worker) == [nil, 0])
    #expect(states[0].state == .closed && states[0].consecutiveFailures == 1)
    #expect(states[1].state == .open && states[1].since == openedAt && states[1].openedCount == 1)
    #expect(states[1].probeAt == openedAt + 60_000_000 && states[1].lastReason == "Failed()")
    fixture.clock.advance(by: .milliseconds(60_000))
    states = fixture.pool.breakerStates()
    #expect(states[1].state == .halfOpen && states[1].since == openedAt + 60_000_000)
    #expect(states[1].probeAt == nil)
    // A probe that fails opens it anew, and it was not closed since.
    let failedAt = fixture.clock.wallMicroseconds()
    try await fixture.run(2...3, .throwing)
    states = fixture.pool.breakerStates()
    let failed = try #require(states.first { $0.worker == 0 })
    #expect(failed.state == .open && failed.since == failedAt && failed.openedAt == openedAt)
    #expect(states[0].openedAt == nil)
  }

  @Test("whatever happens, every task is answered once and the counts add up", arguments: 1...20)
  func everyTaskIsAnsweredOnce(seed: UInt64) async throws {
    var numbers = SeededRandom(seed: seed)
    let fixture = try PoolFixture(
      workers: Int.random(in: 1...4, using: &numbers), queueLimit: 6, taskTimeout: .seconds(86_400),
      workerThreshold: 2, poolThreshold: 4)
    var accepted: [Int: PoolTaskHandle] = [:]
    var refused: Int64 = 0
    for id in 1...150 {
      do throws(PoolRefusal) {
        accepted[id] = try fixture.submit(id)
      } catch {
        refused += 1
      }
      let open = accepted.keys.filter { fixture.endsOf($0).isEmpty && fixture.refusalsOf($0).isEmpty }
        .sorted()
      let running = fixture.pool.poolState().busy
      #expect(running <= fixture.pool.configuration.workers)
      #expect(fixture.pool.poolState().queued + running == open.count)
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0:
        if let index = open.indices.randomElement(using: &numbers) {
          accepted[open[index]]!.cancel()
          if index < running { await fixture.end(open[index], wait: false) }
        }
      case 1...3: if running > 0 { await fixture.end(open[0], .throwing) }
      case 4...6: if running > 0 { await fixture.end(open[0]) }
      case 7: fixture.clock.advance(by: .milliseconds(Int64.random(in: 0...40_000, using: &numbers)))
      default: break
      }
    }
    let running = fixture.pool.poolState().busy
    await fixture.wait { $0.running.count == running }
    fixture.pool.cancelAll()
    let state = fixture.pool.poolState()
    #expect(state.busy == 0 && state.queued == 0)
    var refusedLater: Int64 = 0
    for id in accepted.keys {
      #expect(fixture.endsOf(id).count + fixture.refusalsOf(id).count == 1)
      refusedLater += Int64(fixture.refusalsOf(id).count)
    }
    #expect(state.rejected == refused + refusedLater)
    for id in fixture.log.withLock({ Array($0.running.keys) }) { await fixture.end(id, wait: false) }
  }
}
