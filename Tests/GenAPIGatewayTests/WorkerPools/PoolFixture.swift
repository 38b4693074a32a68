import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import Logging
import Testing

@testable import GenAPIGateway

/// A pool in virtual time, tasks that end when told to, and everything that was called back.
final class PoolFixture: Sendable {
  struct Failed: Error {}

  struct Log {
    var ends: [(id: Int, end: TaskEnd)] = []
    var refusals: [(id: Int, reason: TaskRejection.Reason)] = []
    var running: [Int: CheckedContinuation<TaskResult, any Error>] = [:]
    var started: [Int] = []
    var runningNow = 0
    var mostRunning = 0
    var waiters: [(ready: @Sendable (borrowing Log) -> Bool, CheckedContinuation<Void, Never>)] = []
  }

  let clock = VirtualClock()
  let bus: TelemetryBus
  let pool: WorkerPool
  let events: TelemetrySubscription
  let log = Mutex(Log())

  init(
    workers: Int = 2, queueLimit: Int = 10, taskTimeout: Duration = .seconds(30), workerThreshold: Int = 5,
    poolThreshold: Int = 10, breakers: WorkerPoolConfiguration.Breakers = .pool, clientSharePercent: Int = 10,
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
  ) throws {
    bus = TelemetryBus(node: "test", time: clock)
    events = try bus.subscribe("test", to: .all)
    pool = try WorkerPool(
      name: "async_pool",
      configuration: WorkerPoolConfiguration(
        workers: workers, queueLimit: queueLimit, taskTimeout: taskTimeout, breakers: breakers,
        workerThreshold: workerThreshold, poolThreshold: poolThreshold, clientSharePercent: clientSharePercent
      ),
      bus: bus, clock: clock, logger: logger)
  }

  private func update(_ body: (inout Log) -> Void) {
    let ready = log.withLock { log in
      body(&log)
      var ready: [CheckedContinuation<Void, Never>] = []
      var waiting = log.waiters
      log.waiters = []
      waiting.removeAll { waiter in
        if waiter.ready(log) { ready.append(waiter.1) }
        return waiter.ready(log)
      }
      log.waiters = waiting
      return ready
    }
    for waiter in ready { waiter.resume() }
  }

  /// Returns once the condition holds; it is looked at whenever something is logged.
  func wait(_ ready: @escaping @Sendable (borrowing Log) -> Bool) async {
    await withCheckedContinuation { continuation in
      let now = log.withLock { log in
        if ready(log) { return true }
        log.waiters.append((ready, continuation))
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// Submits a task that runs until `end` is called for its number, whether cancelled or not.
  @discardableResult
  func submit(
    _ id: Int, of holder: PoolHolder? = nil, service: ByteText = "orders", node: ByteText? = nil,
    timeout: Duration? = nil, patience: Duration? = nil
  ) throws(PoolRefusal) -> PoolTaskHandle {
    let context = RequestContext(
      requestID: "r\(id)", function: FunctionIdentity(service: service, requestType: "list"))
    return try pool.submit(context, holder: holder, node: node, timeout: timeout, patience: patience) {
      try await withCheckedThrowingContinuation { continuation in
        self.update { log in
          log.started.append(id)
          log.running[id] = continuation
          log.runningNow += 1
          log.mostRunning = max(log.mostRunning, log.runningNow)
        }
      }
    } refused: { reason in
      self.update { $0.refusals.append((id, reason)) }
    } finished: { end in
      self.update { $0.ends.append((id, end)) }
    }
  }

  /// Lets a running task return or throw, and waits until the pool has noticed, unless it had given it up.
  func end(_ id: Int, _ result: Result<TaskResult, any Error> = .success(.success), wait: Bool = true) async {
    await self.wait { $0.running[id] != nil }
    let continuation = log.withLock { log in
      log.runningNow -= 1
      return log.running.removeValue(forKey: id)
    }
    continuation?.resume(with: result)
    if wait { await self.wait { $0.ends.contains { $0.id == id } } }
  }

  /// Submits a task and ends it, over and over.
  func run(
    _ ids: ClosedRange<Int>, _ result: Result<TaskResult, any Error> = .success(.success),
    service: ByteText = "orders", node: ByteText? = nil
  ) async throws {
    for id in ids {
      try submit(id, service: service, node: node)
      await end(id, result)
    }
  }

  func refusal(
    _ id: Int, of holder: PoolHolder? = nil, service: ByteText = "orders", node: ByteText? = nil
  ) -> PoolRefusal? {
    do throws(PoolRefusal) {
      try submit(id, of: holder, service: service, node: node)
      return nil
    } catch {
      return error
    }
  }

  var ends: [Int: TaskEnd] {
    log.withLock { Dictionary($0.ends.map { ($0.id, $0.end) }, uniquingKeysWith: { first, _ in first }) }
  }

  func endsOf(_ id: Int) -> [TaskEnd] { log.withLock { $0.ends.filter { $0.id == id }.map(\.end) } }
  func refusalsOf(_ id: Int) -> [TaskRejection.Reason] {
    log.withLock { $0.refusals.filter { $0.id == id }.map(\.reason) }
  }

  /// Tasks that were rejected since the last look.
  func rejections() -> [TaskRejection] {
    events.drain().events.compactMap { emitted in
      if case .taskRejected(let rejection) = emitted.event { rejection } else { nil }
    }
  }

  func names() -> [EventName] { events.drain().events.map(\.name) }
}

extension Result where Success == TaskResult, Failure == any Error {
  static var throwing: Self { .failure(PoolFixture.Failed()) }
  static var unreachable: Self { .success(.infrastructureFailure("unreachable")) }
}
