import GenAPIValue

/// The group an event belongs to: five of the specification, three extensions.
public enum EventCategory: String, CaseIterable, Sendable, Codable {
  /// Requests, from start to end, and their retries.
  case executor
  /// Checks of rate limits, and refusals.
  case rateLimiter = "rate_limiter"
  /// Runs of hooks.
  case hooks
  /// Tasks of the worker pools, and their circuit breakers.
  case workerPool = "worker_pool"
  /// Pushes, pulls and changes of function configs.
  case config
  /// Relay groups and their messages.
  case relay
  /// Clients' sockets and channels.
  case channel
  /// Service nodes that come and go.
  case cluster

  /// The category of an event by the first element of its path, without `phoenix_gen_api.`; nil for one that a later
  /// version has.
  public init?(ofEvent shortName: ByteText) {
    let root = shortName.parted(at: UInt8(ascii: "."))?.before ?? shortName
    guard let category = Self.allCases.first(where: { $0.root == root }) else { return nil }
    self = category
  }

  /// The first element of the paths of its events.
  private var root: ByteText { self == .hooks ? "hook" : ByteText(rawValue) }

  /// True for the categories beyond the specification's 31 events.
  public var isExtension: Bool {
    switch self {
    case .relay, .channel, .cluster: true
    case .executor, .rateLimiter, .hooks, .workerPool, .config: false
    }
  }
}
