/// What each client holds of a pool's workers, and how much that may be.
struct PoolShares {
  /// Of the workers: 1 or more.
  let running: Int
  /// Of the places in the queue: 1 or more, where it has any.
  let waiting: Int
  /// Workers held, those included whose work ignores that it was given up.
  private var held: [PoolHolder: Int] = [:]

  init(_ configuration: WorkerPoolConfiguration) {
    running = configuration.clientWorkers
    waiting = configuration.clientQueue
  }

  func hasRoom(_ holder: PoolHolder?, besides more: Int = 0) -> Bool {
    guard let holder else { return true }
    return (held[holder] ?? 0) + more < running
  }

  mutating func take(_ holder: PoolHolder?) {
    if let holder { held[holder, default: 0] += 1 }
  }

  mutating func giveBack(_ holder: PoolHolder?) {
    guard let holder, let count = held[holder] else { return }
    held[holder] = count > 1 ? count - 1 : nil
  }
}
