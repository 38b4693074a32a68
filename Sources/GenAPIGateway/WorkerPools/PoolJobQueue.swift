import DequeModule

/// Jobs that wait. Each holder has a line of its own, first come first served, and the lines take turns, so that what
/// one client has waiting holds up no other. Any job can be taken out.
///
/// Every operation is O(1) over time, but for taking out a service's jobs at once.
struct PoolJobQueue {
  private struct Line {
    var ids: Deque<UInt64> = []
    var count = 0
    /// It is among those that take turns.
    var isReady = false
  }

  private var jobs: [UInt64: PoolJob] = [:]
  private var lines: [PoolHolder?: Line] = [:]
  /// Holders that may run another job, in turn.
  private var ready: Deque<PoolHolder?> = []

  var count: Int { jobs.count }
  var isEmpty: Bool { jobs.isEmpty }
  /// In the order they came.
  var ids: [UInt64] { jobs.keys.sorted() }

  /// Everything that is kept, the entries of jobs taken out included.
  var entries: Int { ready.count + lines.values.reduce(lines.count) { $0 + $1.ids.count } }

  func count(of holder: PoolHolder?) -> Int { lines[holder]?.count ?? 0 }

  /// - Parameter mayRun: false while the holder runs as many as it may: `mayRun(_:)` says when that is over.
  mutating func append(_ job: PoolJob, mayRun: Bool) {
    jobs[job.id] = job
    lines[job.holder, default: Line()].ids.append(job.id)
    lines[job.holder]!.count += 1
    if mayRun { self.mayRun(job.holder) }
  }

  /// A holder may run another job.
  mutating func mayRun(_ holder: PoolHolder?) {
    guard let line = lines[holder], line.count > 0, !line.isReady else { return }
    lines[holder]!.isReady = true
    ready.append(holder)
  }

  /// The first job of the line whose turn it is.
  ///
  /// - Parameter another: whether a holder may run one more besides the job it is given.
  mutating func popFirst(_ another: (PoolHolder?) -> Bool) -> PoolJob? {
    while let holder = ready.popFirst() {
      guard var line = lines[holder] else { continue }
      line.isReady = false
      var found: PoolJob?
      while found == nil, let id = line.ids.popFirst() { found = jobs.removeValue(forKey: id) }
      if found != nil { line.count -= 1 }
      lines[holder] = line.count > 0 ? line : nil
      guard let found else { continue }
      if another(holder) { mayRun(holder) }
      return found
    }
    return nil
  }

  mutating func remove(_ id: UInt64) -> PoolJob? {
    guard let job = jobs.removeValue(forKey: id) else { return nil }
    leave(job)
    return job
  }

  /// Takes out the jobs of a service on a node, in the order they came.
  mutating func removeAll(of key: BreakerKey) -> [PoolJob] {
    let found = jobs.values.filter { $0.breakerKey == key }.sorted { $0.id < $1.id }
    for job in found {
      jobs[job.id] = nil
      leave(job)
    }
    return found
  }

  /// All of them, in the order they came.
  mutating func removeAll() -> [PoolJob] {
    let found = jobs.values.sorted { $0.id < $1.id }
    self = PoolJobQueue()
    return found
  }

  /// A job that is no longer there leaves its entry in the line, and such entries never outnumber the jobs by much.
  private mutating func leave(_ job: PoolJob) {
    guard var line = lines[job.holder] else { return }
    line.count -= 1
    if line.ids.count > 2 * line.count + 16 { line.ids.removeAll { jobs[$0] == nil } }
    lines[job.holder] = line.count > 0 || line.isReady ? line : nil
    guard ready.count > 2 * jobs.count + 16 else { return }
    ready.removeAll { holder in
      guard lines[holder]?.count ?? 0 == 0 else { return false }
      lines[holder] = nil
      return true
    }
  }
}
