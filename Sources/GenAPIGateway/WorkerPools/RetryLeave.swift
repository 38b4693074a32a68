import GenAPIValue
import Locking

/// By which a task of a pool asks whether it may call again: a breaker may have opened since it was let through.
final class RetryLeave: Sendable {
  private let pool: WorkerPool
  private let service: ByteText
  private let task = Mutex<UInt64?>(nil)

  init(_ pool: WorkerPool, of service: ByteText) {
    self.pool = pool
    self.service = service
  }

  /// The pool's number of the task.
  func belongs(to id: UInt64) { task.withLock { $0 = id } }

  /// Takes leave to call again; nil when it is given.
  ///
  /// - Parameter node: nil for a local function.
  func refusal(on node: ByteText?) -> PoolRefusal? {
    task.withLock { $0 }.flatMap { pool.retry($0, on: node) }
  }

  /// Those nodes first whose breaker lets through.
  func preferring(_ nodes: [ByteText]) -> [ByteText] { pool.preferring(nodes, of: service) }
}
