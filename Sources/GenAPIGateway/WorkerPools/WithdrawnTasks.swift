/// Tasks that were taken out of their pools' queues all at once, before others of the same clients are cancelled: the workers
/// that become free by that would begin them.
struct WithdrawnTasks: Sendable {
  enum Reason: Sendable {
    /// Nobody waits for them any more.
    case givenUp
    /// The gateway shuts down, or their connection ends; their clients may ask again.
    case shutdown
  }

  private var taken: Set<PoolTaskHandle> = []
  private var callbacks: [@Sendable () -> Void] = []

  /// Takes those of the tasks that wait; those that run or have ended stay as they are.
  init(_ tasks: [PoolTaskHandle], _ reason: Reason) {
    for tasks in Dictionary(grouping: tasks, by: { ObjectIdentifier($0.pool) }).values {
      let pool = tasks[0].pool
      let (ids, callbacks) = pool.withdraw(tasks.map(\.id).sorted(), reason)
      taken.formUnion(ids.map { PoolTaskHandle(pool: pool, id: $0) })
      self.callbacks += callbacks
    }
  }

  var count: Int { taken.count }

  func contains(_ task: PoolTaskHandle?) -> Bool { task.map(taken.contains) ?? false }

  /// Tells their submitters how they ended; to be called once, when what runs was cancelled.
  func tell() {
    for callback in callbacks { callback() }
  }
}
