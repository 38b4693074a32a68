import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Every refusal of a breaker is counted by one breaker")
struct BreakerRefusalScheduleTests {
  /// A pool's rules in a random schedule: tasks of several clients, services and nodes, retries, ends of every kind, and time.
  private struct Schedule {
    var core: PoolCore
    var random: SeededRandom
    var now: Int64 = 0
    /// Refusals that name a breaker, of requests and retries.
    var refused: Int64 = 0
    var scopes: Set<String> = []
    /// Running or waiting, or at work for nobody.
    var jobs: [UInt64] = []

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      let configuration = WorkerPoolConfiguration(
        workers: Int.random(in: 1...4, using: &random), queueLimit: Int.random(in: 0...4, using: &random),
        taskTimeout: .seconds(1), breakers: Bool.random(using: &random) ? .pool : .service,
        workerThreshold: Int.random(in: 1...2, using: &random),
        poolThreshold: Bool.random(using: &random) ? Int.random(in: 1...3, using: &random) : 1_000,
        clientSharePercent: Bool.random(using: &random) ? 100 : 30)
      core = PoolCore(name: "p", configuration: configuration, now: 0)
    }

    /// What all breakers counted.
    var counted: Int64 {
      core.breaker.refusedCount + core.slots.reduce(0) { $0 + $1.refusedCount }
        + core.services.thatOpened.reduce(0) { $0 + $1.refused }
    }

    mutating func job() -> PoolJob {
      let service: ByteText = Bool.random(using: &random) ? "a" : "b"
      return PoolJob(
        id: core.newID(),
        context: RequestContext(
          requestID: "r", function: FunctionIdentity(service: service, requestType: "t")),
        node: node(), asked: nil,
        holder: Bool.random(using: &random) ? nil : .user(Bool.random(using: &random) ? "u" : "v"),
        timeoutMs: 1_000, waitMs: Bool.random(using: &random) ? nil : 500, work: { .success },
        refused: { _ in }, finished: nil)
    }

    mutating func node() -> ByteText? { [nil, "n1", "n2"].randomElement(using: &random)! }

    mutating func note(_ refusal: PoolRefusal) {
      guard refusal.reason == .circuitOpen else { return }
      refused += 1
      scopes.insert("\(refusal.scope) \(refusal.circuit.map { "\($0)" } ?? "-")")
      #expect((refusal.scope == .worker) == (refusal.worker != nil), "\(refusal)")
      #expect((refusal.scope == .service) == (refusal.service != nil), "\(refusal)")
    }

    /// As `WorkerPool` does it.
    mutating func step() {
      let id = jobs.randomElement(using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<9:
        let job = job()
        if let refusal = core.submit(job, at: now) {
          core.count(refusal)
          note(refusal)
        } else {
          jobs.append(job.id)
        }
      case 9..<13: if let id { core.workEnded(id, .threw(reason: "x"), at: now) }
      case 13..<15: if let id { core.workEnded(id, .completed(.success), at: now) }
      case 15: if let id { core.workEnded(id, .completed(.untold), at: now) }
      case 16: if let id { core.timedOut(id, at: now) }
      case 17: if let id { Bool.random(using: &random) ? core.cancel(id, at: now) : core.waitedTooLong(id) }
      case 18:
        let node = node()
        if let id, let refusal = core.retry(id, on: node, at: now) { note(refusal) }
      default: now += Int64.random(in: 0...40, using: &random) * 1_000_000_000
      }
      for action in core.takeActions() {
        if case .refuse(_, let refusal) = action { note(refusal) }
      }
      if jobs.count > 40 { jobs.removeFirst() }
    }
  }

  @Test("in random schedules of pools, scopes and states, and names the worker where workers refuse")
  func schedules() {
    var scopes: Set<String> = []
    for seed in 0..<300 as Range<UInt64> {
      var schedule = Schedule(seed: seed)
      for step in 0..<200 {
        schedule.step()
        guard schedule.counted == schedule.refused else {
          Issue.record("seed \(seed), step \(step): \(schedule.counted) counted of \(schedule.refused)")
          return
        }
      }
      scopes.formUnion(schedule.scopes)
    }
    // The schedules come to all of them.
    #expect(
      scopes.sorted() == [
        "pool halfOpen", "pool open", "service halfOpen", "service open", "worker halfOpen", "worker open",
      ])
  }

  @Test("also while probes run on all workers: by the worker whose probe began last")
  func probes() async throws {
    let fixture = try PoolFixture(workers: 2, workerThreshold: 1, poolThreshold: 1_000)
    try await fixture.run(1...2, .throwing)
    fixture.clock.advance(by: .seconds(60))
    for id in 3...4 { try fixture.submit(id) }
    for id in 5...14 { #expect(fixture.refusal(id)?.worker == 1) }
    #expect(fixture.pool.breakerStates().map(\.refused) == [0, 0, 10])
    #expect(fixture.rejections().allSatisfy { $0.worker == 1 })
    for id in 3...4 { await fixture.end(id) }
  }
}
