/// A task in a pool, to cancel it with.
public struct PoolTaskHandle: Sendable {
  let pool: WorkerPool
  let id: UInt64

  /// Ends the task as cancelled, running or waiting; nothing when it has ended.
  public func cancel() { pool.cancel(id) }
}

extension PoolTaskHandle: Hashable {
  public static func == (a: PoolTaskHandle, b: PoolTaskHandle) -> Bool { a.pool === b.pool && a.id == b.id }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(pool))
    hasher.combine(id)
  }
}
