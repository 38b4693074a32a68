import GenAPITelemetry
import GenAPIValue

/// A pool did not take a task: its queue is full or a circuit breaker is open.
public struct PoolRefusal: Error, Equatable, CustomStringConvertible {
  public var pool: ByteText
  public var reason: TaskRejection.Reason
  public var scope: BreakerScope
  /// The slot whose breaker refused; nil when the pool did.
  public var worker: Int?

  public var description: String {
    switch (reason, scope) {
    case (.queueFull, _): "pool \(pool) is full"
    case (.circuitOpen, .pool): "the circuit breaker of pool \(pool) is open"
    case (.circuitOpen, .worker): "the circuit breakers of all workers of pool \(pool) are open"
    }
  }
}
