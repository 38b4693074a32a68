import GenAPITelemetry
import GenAPIValue

/// A pool did not take a task: its queue is full, a circuit breaker is open or waits for its probe, or its client holds all it may.
public struct PoolRefusal: Error, Equatable, CustomStringConvertible {
  /// The pool's name.
  public var pool: ByteText
  /// Why it refused.
  public var reason: TaskRejection.Reason
  /// Whose breaker refused; the pool's when none did.
  public var scope: BreakerScope
  /// What the breaker was that refused; nil when none did.
  public var circuit: TaskRejection.Circuit?
  /// The slot whose breaker refused; nil when another did.
  public var worker: Int?
  /// The service whose breaker refused, and on which node; nil when another did.
  public var service: ByteText?
  /// The node on which the breaker of the service refused; nil when another did.
  public var node: ByteText?

  public var description: String {
    switch (reason, scope) {
    case (.queueFull, _): "pool \(pool) is full"
    case (.waitTimeout, _): "no worker of pool \(pool) was free in time"
    case (.shutdown, _): "pool \(pool) shuts down"
    case (.shareUsed, _): "the client holds all it may of pool \(pool)"
    case (.circuitOpen, .pool): "the circuit breaker of pool \(pool) \(stands)"
    case (.circuitOpen, .service):
      "the circuit breaker of pool \(pool) for \(service ?? "")\(node.map { " on \($0)" } ?? "") \(stands)"
    case (.circuitOpen, .worker) where circuit == .halfOpen:
      "no circuit breaker of a worker of pool \(pool) is closed, and those that are half-open let only their probes through"
    case (.circuitOpen, .worker): "the circuit breakers of all workers of pool \(pool) are open"
    }
  }

  private var stands: String {
    circuit == .halfOpen ? "is half-open, and lets only its probe through" : "is open"
  }
}
