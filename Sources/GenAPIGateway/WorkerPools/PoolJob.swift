import DequeModule
import GenAPITelemetry

/// A task somebody handed to a pool.
struct PoolJob: Sendable {
  /// Counts up over the pool.
  let id: UInt64
  let context: RequestContext
  let timeoutMs: Int64
  let work: @Sendable () async throws -> TaskResult
  let refused: @Sendable (TaskRejection.Reason) -> Void
  let finished: (@Sendable (TaskEnd) -> Void)?
}

/// Jobs that wait, first come first served; any of them can be taken out.
struct PoolJobQueue {
  private var order: Deque<UInt64> = []
  private var jobs: [UInt64: PoolJob] = [:]

  var count: Int { jobs.count }
  var isEmpty: Bool { jobs.isEmpty }
  /// In the order they came.
  var ids: [UInt64] { order.filter { jobs[$0] != nil } }

  mutating func append(_ job: PoolJob) {
    order.append(job.id)
    jobs[job.id] = job
  }

  mutating func popFirst() -> PoolJob? {
    while let id = order.popFirst() {
      if let job = jobs.removeValue(forKey: id) { return job }
    }
    return nil
  }

  mutating func remove(_ id: UInt64) -> PoolJob? {
    let job = jobs.removeValue(forKey: id)
    // The places of jobs taken out never outnumber the waiting ones by much.
    if order.count > 2 * jobs.count + 16 { order.removeAll { jobs[$0] == nil } }
    return job
  }
}
