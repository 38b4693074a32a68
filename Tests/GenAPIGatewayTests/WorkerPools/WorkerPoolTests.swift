import GenAPITelemetry
import GenAPITesting
import Locking
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Worker pool")
struct WorkerPoolTests {
  @Test("a task runs, ends once, and is counted once (W-07)")
  func runs() async throws {
    let fixture = try PoolFixture()
    try fixture.submit(1)
    #expect(fixture.pool.poolState().busy == 1)
    await fixture.end(1)
    let state = fixture.pool.poolState()
    #expect(fixture.endsOf(1) == [.completed(.success)])
    #expect(state.executed == 1 && state.failed == 0 && state.busy == 0 && state.queued == 0)
    #expect(fixture.names() == [.workerPoolTaskStart, .workerPoolTaskStop])
  }

  @Test("no more tasks run at one time than there are workers, in the order they came (W-07)")
  func bounded() async throws {
    let fixture = try PoolFixture(workers: 3)
    for id in 1...9 { try fixture.submit(id) }
    #expect(fixture.pool.poolState().queued == 6)
    for id in 1...9 {
      #expect(fixture.pool.poolState().busy <= 3)
      await fixture.end(id)
    }
    let (most, started) = fixture.log.withLock { ($0.mostRunning, $0.started) }
    #expect(most <= 3)
    #expect(started.count == 9 && Set(started.prefix(3)) == [1, 2, 3])
    #expect(fixture.pool.poolState().executed == 9)
  }

  @Test("a full queue refuses, says so and calls nobody back")
  func queueFull() async throws {
    let fixture = try PoolFixture(workers: 1, queueLimit: 2)
    for id in 1...3 { try fixture.submit(id) }
    #expect(fixture.refusal(4)?.reason == .queueFull)
    #expect(fixture.refusalsOf(4).isEmpty)
    #expect(fixture.pool.poolState().rejected == 1)
    let rejected = fixture.events.drain().events.compactMap { emitted -> TaskRejection? in
      if case .taskRejected(let rejection) = emitted.event { rejection } else { nil }
    }
    #expect(rejected.map(\.reason) == [.queueFull])
    #expect(rejected.first?.request.requestID == "r4" && rejected.first?.scope == .pool)
    for id in 1...3 { await fixture.end(id) }
  }

  @Test("idle workers take turns")
  func roundRobin() async throws {
    let fixture = try PoolFixture(workers: 3)
    try await fixture.run(1...6)
    let workers = fixture.events.drain().events.compactMap { emitted -> Int? in
      if case .taskStart(let task, _) = emitted.event { task.worker } else { nil }
    }
    #expect(workers == [0, 1, 2, 0, 1, 2])
  }

  @Test("a task that throws is a failure with a reason")
  func throwing() async throws {
    let fixture = try PoolFixture()
    try await fixture.run(1...1, .throwing)
    #expect(fixture.endsOf(1) == [.threw(reason: "Failed()")])
    #expect(fixture.pool.poolState().failed == 1)
    guard case .taskException(_, _, let failure)? = fixture.events.drain().events.last?.event else {
      Issue.record("no exception event")
      return
    }
    #expect(failure.kind == "error" && failure.reason == "Failed()")
  }

  @Test("a task that takes too long is timed out, frees its worker and is counted once")
  func timeout() async throws {
    let fixture = try PoolFixture(workers: 1)
    try fixture.submit(1, timeout: .milliseconds(500))
    try fixture.submit(2)
    await fixture.clock.waitForSleepers()
    await fixture.wait { $0.started == [1] }
    fixture.clock.advance(by: .milliseconds(500))
    // The next begins as soon as the worker is free, which may be before the caller is told.
    await fixture.wait { $0.started == [1, 2] && !$0.ends.isEmpty }
    #expect(fixture.endsOf(1) == [.timedOut])
    #expect(fixture.pool.zombies == 1)
    let state = fixture.pool.poolState()
    #expect(state.busy == 1 && state.executed == 1 && state.failed == 1 && state.busySlots == [0])

    // The work went on all the same; what it answers now changes nothing.
    await fixture.end(1, wait: false)
    await fixture.end(2)
    try await eventually { fixture.pool.zombies == 0 }
    #expect(fixture.endsOf(1) == [.timedOut])
    #expect(fixture.pool.poolState().executed == 2 && fixture.pool.poolState().busy == 0)
    #expect(
      fixture.names() == [
        .workerPoolTaskStart, .workerPoolTaskException, .workerPoolTaskStart, .workerPoolTaskStop,
      ])
  }

  @Test("a timeout cancels the Swift task of the work")
  func timeoutCancels() async throws {
    let fixture = try PoolFixture(workers: 1)
    let context = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
    let (cancelled, continuation) = AsyncStream<Bool>.makeStream()
    try fixture.pool.submit(context, timeout: .milliseconds(100)) {
      do {
        try await fixture.clock.sleep(milliseconds: 1_000_000)
      } catch {
        continuation.yield(Task.isCancelled)
        throw error
      }
      return .success
    } refused: { _ in
    }
    await fixture.clock.waitForSleepers(2)
    fixture.clock.advance(by: .milliseconds(100))
    #expect(await cancelled.first { _ in true } == true)
  }

  @Test(
    "how a task ended is told before its work is cancelled, which may answer at once",
    arguments: [true, false])
  func toldFirst(isTimedOut: Bool) async throws {
    let fixture = try PoolFixture(workers: 1)
    let context = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
    let order = Mutex<[String]>([])
    let task = try fixture.pool.submit(context, timeout: .milliseconds(100)) {
      await withTaskCancellationHandler {
        try? await fixture.clock.sleep(milliseconds: 1_000_000)
      } onCancel: {
        order.withLock { $0.append("cancelled") }
      }
      return .success
    } refused: { _ in
    } finished: { end in
      order.withLock { $0.append(end == .timedOut ? "timed out" : "given up") }
    }
    await fixture.clock.waitForSleepers(2)
    if isTimedOut { fixture.clock.advance(by: .milliseconds(100)) } else { task.cancel() }
    try await eventually { order.withLock { $0.count } == 2 }
    #expect(order.withLock { $0 } == [isTimedOut ? "timed out" : "given up", "cancelled"])
  }

  @Test("the timer of a task that ended is gone")
  func noTimerLeft() async throws {
    let fixture = try PoolFixture()
    try fixture.submit(1)
    await fixture.clock.waitForSleepers()
    await fixture.end(1)
    try await eventually { fixture.clock.sleeperCount == 0 }
    fixture.clock.advance(by: .milliseconds(60_000))
    #expect(fixture.endsOf(1) == [.completed(.success)])
  }

  @Test("work that never returns is bounded: with as many as workers, the pool takes no more")
  func zombiesAreBounded() async throws {
    let fixture = try PoolFixture(workers: 2)
    for id in 1...2 {
      try fixture.submit(id, timeout: .milliseconds(10))
      await fixture.wait { $0.started.count == id }
      await fixture.clock.waitForSleepers()
      fixture.clock.advance(by: .milliseconds(10))
      await fixture.wait { $0.ends.count == id }
    }
    #expect(fixture.refusal(3)?.reason == .queueFull)
    await fixture.end(1, wait: false)
    try await eventually { fixture.pool.zombies != 2 }
    try fixture.submit(4)
    await fixture.end(4)
    await fixture.end(2, wait: false)
  }

  @Test("a running task can be given up; that is no failure")
  func cancelRunning() async throws {
    let fixture = try PoolFixture(workers: 1, workerThreshold: 1, poolThreshold: 1)
    let handle = try fixture.submit(1)
    await fixture.wait { $0.started == [1] }
    handle.cancel()
    handle.cancel()
    #expect(fixture.endsOf(1) == [.cancelled])
    #expect(fixture.pool.poolState().busy == 0 && fixture.pool.poolState().failed == 0)
    #expect(fixture.pool.poolState().breaker == .closed)
    await fixture.end(1, wait: false)
  }

  @Test("a waiting task can be given up and never runs")
  func cancelWaiting() async throws {
    let fixture = try PoolFixture(workers: 1)
    try fixture.submit(1)
    let handle = try fixture.submit(2)
    try fixture.submit(3)
    handle.cancel()
    #expect(fixture.endsOf(2) == [.cancelled])
    #expect(fixture.pool.poolState().queued == 1)
    await fixture.end(1)
    await fixture.end(3)
    #expect(fixture.log.withLock { $0.started } == [1, 3])
  }

  @Test("given up tasks do not fill the queue's memory")
  func cancelledLeaveNoTrace() throws {
    let fixture = try PoolFixture(workers: 1, queueLimit: 2)
    let first = try fixture.submit(1)
    for id in 2...500 { try fixture.submit(id).cancel() }
    #expect(fixture.pool.poolState().queued == 0)
    first.cancel()
  }

  @Test("cancelling all cancels every task that runs and refuses those that wait; none of them begins")
  func cancelAll() async throws {
    let fixture = try PoolFixture(workers: 2)
    for id in 1...5 { try fixture.submit(id) }
    await fixture.wait { $0.started.count == 2 }
    fixture.pool.cancelAll()
    #expect((1...2).allSatisfy { fixture.endsOf($0) == [.cancelled] })
    #expect((3...5).allSatisfy { fixture.refusalsOf($0) == [.shutdown] && fixture.endsOf($0).isEmpty })
    #expect(fixture.log.withLock { $0.started.count } == 2)
    #expect(fixture.pool.poolState().busy == 0 && fixture.pool.poolState().queued == 0)
    for id in fixture.log.withLock({ $0.started }) { await fixture.end(id, wait: false) }
  }

  @Test("tasks that are withdrawn together never begin on the workers that the cancelled ones leave")
  func withdrawn() async throws {
    let fixture = try PoolFixture(workers: 2)
    let handles = try (1...6).map { try fixture.submit($0) }
    await fixture.wait { $0.started.count == 2 }
    let waiting = WithdrawnTasks(handles, .givenUp)
    #expect(waiting.count == 4 && !waiting.contains(handles[0]) && waiting.contains(handles[5]))
    for handle in handles { handle.cancel() }
    #expect(fixture.endsOf(3).isEmpty)
    waiting.tell()
    #expect((1...6).allSatisfy { fixture.endsOf($0) == [.cancelled] })
    #expect(fixture.log.withLock { $0.started.sorted() } == [1, 2])
    for id in 1...2 { await fixture.end(id, wait: false) }
  }

  @Test(
    "a pool's numbers add up to the tasks that came: those that waited too long or were given up are in one each"
  )
  func numbersAddUp() async throws {
    let fixture = try PoolFixture(workers: 1, queueLimit: 3)
    let running = try fixture.submit(1)
    let waiting = try fixture.submit(2)
    try fixture.submit(3, patience: .milliseconds(400))
    try fixture.submit(4)
    #expect(fixture.refusal(5)?.reason == .queueFull)
    await fixture.clock.waitForSleepers(of: .milliseconds(400))
    fixture.clock.advance(by: .milliseconds(400))
    await fixture.wait { $0.ends.contains { $0.id == 3 } }
    waiting.cancel()
    await fixture.wait { $0.started == [1] }
    running.cancel()
    await fixture.end(1, wait: false)
    await fixture.end(4, .unreachable)
    let state = fixture.pool.poolState()
    #expect((state.executed, state.failed, state.cancelled, state.rejected) == (1, 1, 2, 2))
    #expect(state.executed + state.cancelled + state.rejected == 5)
    let reasons = fixture.events.drain().events.compactMap { event in
      if case .taskRejected(let task) = event.event { task.reason } else { nil }
    }
    #expect(reasons == [.queueFull, .waitTimeout])
  }

  @Test("settings out of range are refused with the setting and its range")
  func validation() throws {
    let clock = VirtualClock()
    let error = #expect(throws: WorkerPoolError.self) {
      try WorkerPool(
        name: "p", configuration: WorkerPoolConfiguration(workers: 0),
        bus: TelemetryBus(node: "test", time: clock), clock: clock)
    }
    #expect(try #require(error).description == "worker pool: p.workers must be 1 to 100000, is 0")
  }

  @Test("of a gateway's pools the one whose setting is out of range is named")
  func named() throws {
    let time = #expect(throws: WorkerPoolError.self) {
      try GatewayFixture { $0.asyncPool.taskTimeout = .zero }
    }
    #expect(
      try #require(time).description == "worker pool: async_pool.task_timeout must be 1 ms to 24 h, is 0 ms")
    let workers = #expect(throws: WorkerPoolError.self) { try GatewayFixture { $0.streamPool.workers = 0 } }
    #expect(try #require(workers).description.contains("stream_pool.workers must be"))
  }
}
