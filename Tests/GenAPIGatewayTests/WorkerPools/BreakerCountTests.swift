import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What pools and breakers count by themselves")
struct BreakerCountTests {
  @Test("a worker whose breaker is open is not idle, until its cooldown is over")
  func idle() async throws {
    let fixture = try PoolFixture(workers: 3, workerThreshold: 1, poolThreshold: 1_000)
    func counts() -> [Int] {
      let state = fixture.pool.poolState()
      return [state.idle, state.busy, state.openWorkers]
    }
    #expect(counts() == [3, 0, 0])
    try await fixture.run(1...1, .throwing)
    #expect(counts() == [2, 0, 1])
    try fixture.submit(2)
    #expect(counts() == [1, 1, 1])
    await fixture.end(2, .throwing)
    try await fixture.run(3...3, .throwing)
    #expect(counts() == [0, 0, 3])
    fixture.clock.advance(by: .seconds(60))
    #expect(counts() == [3, 0, 0])
    // A probe is work as any other.
    try fixture.submit(4)
    #expect(counts() == [2, 1, 0])
    await fixture.end(4)
  }

  @Test("a state with wrong numbers has no fewer idle workers than none")
  func hostile() {
    #expect(PoolState(name: "p", workers: 1, busy: 3).idle == 0)
    #expect(PoolState(name: "p", workers: .min, busy: .max, openWorkers: .max).idle == 0)
  }

  @Test("breakers of one service on two nodes count their refusals apart, and keep them when they close")
  func nodes() async throws {
    let fixture = try PoolFixture(poolThreshold: 1, breakers: .service)
    try await fixture.run(1...1, .throwing, service: "a", node: "n1")
    try await fixture.run(2...2, .throwing, service: "a", node: "n2")
    for id in 3...5 { #expect(fixture.refusal(id, service: "a", node: "n1") != nil) }
    #expect(fixture.refusal(6, service: "a", node: "n2") != nil)
    let told = fixture.pool.breakerStates().map { "\($0.node ?? "-") \($0.refused ?? -1)" }
    #expect(told == ["- 0", "n1 3", "n2 1"])
    #expect(fixture.pool.poolState().rejected == 4)
    fixture.clock.advance(by: .seconds(60))
    try await fixture.run(7...7, service: "a", node: "n1")
    #expect(
      fixture.pool.breakerRefusals() == [
        BreakerRefusals(pool: "async_pool", scope: .service, service: "a", node: "n1", count: 3),
        BreakerRefusals(pool: "async_pool", scope: .service, service: "a", node: "n2", count: 1),
      ])
  }

  @Test("what waits and is refused as the pool's breaker opens is counted by it")
  func waiting() async throws {
    let fixture = try PoolFixture(workers: 1, poolThreshold: 1, clientSharePercent: 100)
    for id in 1...3 { try fixture.submit(id) }
    await fixture.end(1, .throwing)
    #expect(fixture.refusal(4) != nil)
    #expect(fixture.pool.breakerStates().first?.refused == 3)
    #expect(fixture.pool.breakerRefusals().map(\.count) == [3, 0])
  }

  @Test("workers that refuse together count by the one that was open longest")
  func workers() async throws {
    let fixture = try PoolFixture(workers: 2, workerThreshold: 1, poolThreshold: 1_000)
    try await fixture.run(1...2, .throwing)
    for id in 3...4 { #expect(fixture.refusal(id)?.worker == 0) }
    #expect(fixture.pool.breakerStates().map(\.refused) == [0, 2, 0])
    #expect(
      fixture.pool.breakerRefusals() == [
        BreakerRefusals(pool: "async_pool", scope: .pool, count: 0),
        BreakerRefusals(pool: "async_pool", scope: .worker, count: 2),
      ])
  }
}
