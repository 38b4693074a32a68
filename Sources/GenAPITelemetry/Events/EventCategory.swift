/// The group an event belongs to: five of the specification, three extensions.
public enum EventCategory: String, CaseIterable, Sendable, Codable {
  case executor
  case rateLimiter = "rate_limiter"
  case hooks
  case workerPool = "worker_pool"
  case config
  case relay
  case channel
  case cluster

  /// True for the categories beyond the specification's 31 events.
  public var isExtension: Bool {
    switch self {
    case .relay, .channel, .cluster: true
    case .executor, .rateLimiter, .hooks, .workerPool, .config: false
    }
  }
}
