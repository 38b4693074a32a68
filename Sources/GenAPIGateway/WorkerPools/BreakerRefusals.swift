import GenAPITelemetry
import GenAPIValue

/// How many tasks and retries a circuit breaker refused since the gateway started.
public struct BreakerRefusals: Sendable, Equatable {
  /// The pool's name.
  public var pool: ByteText
  /// Whose breaker it is; those of a pool's workers count together.
  public var scope: BreakerScope
  /// The service whose breaker it is; nil for another.
  public var service: ByteText?
  /// The service's node; nil for functions of the gateway itself.
  public var node: ByteText?
  /// How many it refused.
  public var count: Int64

  public init(
    pool: ByteText, scope: BreakerScope, service: ByteText? = nil, node: ByteText? = nil, count: Int64
  ) {
    self.pool = pool
    self.scope = scope
    self.service = service
    self.node = node
    self.count = count
  }
}
