import GenAPITelemetry
import GenAPIValue
import TestRandom
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Shares of a worker pool")
struct PoolShareTests {
  private let mallory = PoolHolder.user("mallory")
  private let ann = PoolHolder.user("ann")

  /// Twenty workers and a queue of forty, of which one client may hold a tenth.
  private func fixture() throws -> PoolFixture { try PoolFixture(workers: 20, queueLimit: 40) }

  @Test(
    "one user fills no pool: a tenth runs, a tenth of the queue waits, the rest is refused, and others run at once"
  )
  func share() async throws {
    let fixture = try fixture()
    for id in 1...6 { try fixture.submit(id, of: mallory) }
    #expect(fixture.pool.poolState().busy == 2 && fixture.pool.poolState().queued == 4)
    let refusal = fixture.refusal(7, of: mallory)
    #expect(refusal?.reason == .shareUsed && refusal?.scope == .pool)
    try fixture.submit(8, of: ann)
    try fixture.submit(9)
    await fixture.wait { Set($0.started) == [1, 2, 8, 9] }
    let state = fixture.pool.poolState()
    #expect(state.rejected == 1 && state.shareRejected == 1 && state.clientWorkers == 2)
    let reasons = fixture.events.drain().events.compactMap { emitted -> TaskRejection.Reason? in
      if case .taskRejected(let rejection) = emitted.event { rejection.reason } else { nil }
    }
    #expect(reasons == [.shareUsed])
    fixture.pool.cancelAll()
    for id in [1, 2, 8, 9] { await fixture.end(id, wait: false) }
  }

  @Test("what waits for its client's share runs as soon as one of its tasks has ended, in the order it came")
  func next() async throws {
    let fixture = try fixture()
    for id in 1...6 { try fixture.submit(id, of: mallory) }
    for id in 1...6 {
      await fixture.end(id)
      #expect(fixture.pool.poolState().busy <= 2)
    }
    #expect(fixture.log.withLock { $0.started.sorted() } == Array(1...6))
    #expect(fixture.log.withLock { $0.mostRunning } == 2)
    try fixture.submit(7, of: mallory)
    await fixture.end(7)
  }

  @Test("in a full pool clients take turns: who has much waiting holds up nobody")
  func turns() async throws {
    let fixture = try PoolFixture(workers: 1, queueLimit: 100, clientSharePercent: 50)
    for id in 1...10 { try fixture.submit(id, of: mallory) }
    try fixture.submit(11, of: ann)
    try fixture.submit(12, of: ann)
    for id in [1, 11, 2, 12, 3] { await fixture.end(id) }
    #expect(fixture.log.withLock { Array($0.started.prefix(5)) } == [1, 11, 2, 12, 3])
    fixture.pool.cancelAll()
    for id in fixture.log.withLock({ Array($0.running.keys) }) { await fixture.end(id, wait: false) }
  }

  @Test("work that ignores that it was given up still holds its client's share, not the others'")
  func givenUp() async throws {
    let fixture = try fixture()
    let tasks = try (1...2).map { try fixture.submit($0, of: mallory) }
    await fixture.wait { $0.started.count == 2 }
    for task in tasks { task.cancel() }
    try fixture.submit(3, of: mallory)
    #expect(fixture.pool.poolState().busy == 0 && fixture.pool.poolState().queued == 1)
    try fixture.submit(4, of: ann)
    await fixture.end(4)
    await fixture.end(1, wait: false)
    await fixture.end(3)
    await fixture.end(2, wait: false)
    try await eventually { fixture.pool.zombies == 0 }
  }

  @Test("a share is one worker and one place at least; a client without a user is its connection")
  func least() async throws {
    let fixture = try PoolFixture(workers: 3, queueLimit: 3, clientSharePercent: 1)
    let stranger = PoolHolder.connection(ConnectionID(7))
    try fixture.submit(1, of: stranger)
    try fixture.submit(2, of: stranger)
    #expect(fixture.refusal(3, of: stranger)?.reason == .shareUsed)
    try fixture.submit(4, of: .connection(ConnectionID(8)))
    #expect(fixture.pool.poolState().busy == 2)
    for id in [1, 2, 4] { await fixture.end(id) }
  }

  @Test("clients that come, wait and give up leave nothing in the queue's memory")
  func noTrace() throws {
    let fixture = try PoolFixture(workers: 1, queueLimit: 100)
    let first = try fixture.submit(1)
    for id in 2...2_000 {
      try fixture.submit(id, of: .connection(ConnectionID(UInt64(id)))).cancel()
    }
    #expect(fixture.pool.read { core, _ in core.queue.entries } < 100)
    first.cancel()
  }

  @Test(
    "whatever happens, no client holds more than its share and everything is answered once", arguments: 1...10
  )
  func model(seed: UInt64) async throws {
    var numbers = SeededRandom(seed: seed)
    let fixture = try PoolFixture(
      workers: 8, queueLimit: 20, taskTimeout: .seconds(86_400), breakers: .service, clientSharePercent: 25)
    var holders: [Int: Int] = [:]
    var tasks: [Int: PoolTaskHandle] = [:]
    for id in 1...300 {
      let client = Int.random(in: 0..<6, using: &numbers)
      if let task = try? fixture.submit(id, of: .user("u\(client)")) {
        tasks[id] = task
        holders[id] = client
      }
      let open = tasks.keys.filter { fixture.endsOf($0).isEmpty }.sorted()
      let busy = fixture.pool.poolState().busy
      #expect(busy + fixture.pool.poolState().queued == open.count)
      await fixture.wait { $0.runningNow >= busy }
      let running = fixture.log.withLock { Array($0.running.keys) }
      for count in Dictionary(grouping: running, by: { holders[$0] }).mapValues(\.count).values {
        #expect(count <= 2)
      }
      if let ended = running.sorted().randomElement(using: &numbers),
        Int.random(in: 0..<3, using: &numbers) > 0
      {
        await fixture.end(ended)
      }
    }
    while let id = fixture.log.withLock({ $0.running.keys.min() }) {
      await fixture.end(id)
      let busy = fixture.pool.poolState().busy
      await fixture.wait { $0.runningNow >= busy }
    }
    #expect(tasks.keys.allSatisfy { fixture.endsOf($0).count == 1 })
  }
}
