import GenAPITelemetry
import GenAPIValue
import Locking

/// Runs functions that block their thread, each on a thread of its own, and no more of them than there are threads and
/// places to wait.
package final class Offload: Sendable {
  private struct State {
    var running = 0
    var executed: Int64 = 0
    var refused: Int64 = 0
  }

  package let configuration: OffloadConfiguration
  package let threads: WorkThreads
  private let state = Mutex(State())

  /// - Throws: `WorkerPoolError` naming the setting that is out of range.
  package init(_ configuration: OffloadConfiguration) throws(WorkerPoolError) {
    try configuration.validate()
    self.configuration = configuration
    threads = WorkThreads(name: "offload", steady: configuration.threads, most: configuration.threads)
  }

  /// Takes a place; nil when all are taken. It is free again when nobody holds it any more: when its function has
  /// returned, however long after its request was answered.
  package func enter() -> Place? {
    let hasRoom = state.withLock { state in
      guard state.running < configuration.threads + configuration.queueLimit else {
        state.refused += 1
        return false
      }
      state.running += 1
      return true
    }
    return hasRoom ? Place(self) : nil
  }

  private func leave() {
    state.withLock { state in
      state.running -= 1
      state.executed += 1
    }
  }

  package final class Place: Sendable {
    private let offload: Offload

    fileprivate init(_ offload: Offload) { self.offload = offload }

    deinit { offload.leave() }
  }

  /// As a pool; nil as long as nothing was offloaded.
  var poolState: PoolState? {
    let (running, executed, refused) = state.withLock { ($0.running, $0.executed, $0.refused) }
    guard running > 0 || executed > 0 || refused > 0 else { return nil }
    let busy = min(running, configuration.threads)
    return PoolState(
      name: "offload_pool", workers: configuration.threads, busy: busy, queued: running - busy,
      queueLimit: configuration.queueLimit, executed: executed, rejected: refused)
  }
}
