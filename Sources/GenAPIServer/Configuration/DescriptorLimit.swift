import Listening
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many descriptors the process may have open: each connection takes one.
package enum DescriptorLimit {
  /// Files, libraries, event loops, and connections that get an answer though the server is full.
  static let others = 512
  /// Whether so many let a client in, beside standard streams, event loops with three each, and a listener or two.
  static func suffices(_ limit: UInt64, cores: Int) -> Bool {
    DescriptorReserve(limit: limit).room(of: CInt(20 + 3 * cores)) == .enough
  }

  /// Raises the process's own limit to what a configuration needs, as far as the system lets it.
  ///
  /// - Returns: what to say when that is not far enough; nil when it is.
  /// - Throws: `DescriptorLimitError` when so few may be open that no client could be let in.
  package static func raise(for configuration: ServerConfiguration) throws(DescriptorLimitError) -> String? {
    let needed = needed(by: configuration)
    var limit = rlimit()
    guard getrlimit(Self.resource, &limit) == 0 else { return nil }
    let (raised, warning) = plan(needed: needed, soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    if let raised {
      limit.rlim_cur = rlim_t(raised)
      _ = setrlimit(Self.resource, &limit)
    }
    guard suffices(UInt64(limit.rlim_cur), cores: System.coreCount) else {
      throw DescriptorLimitError(limit: UInt64(limit.rlim_cur))
    }
    return warning
  }

  static func needed(by configuration: ServerConfiguration) -> Int {
    configuration.websocket.maxConnections + configuration.telemetry.maximumSubscribers
      + configuration.telemetry.maximumWaiting
      + (configuration.cluster.map { $0.node.maxPeers + $0.node.maxHandshakes } ?? 0) + others
  }

  /// - Returns: the soft limit to set, nil for one that is high enough, and a warning where the hard one is too low.
  static func plan(needed: Int, soft: UInt64, hard: UInt64) -> (raised: UInt64?, warning: String?) {
    let needed = UInt64(needed)
    if soft >= needed { return (nil, nil) }
    if hard >= needed { return (needed, nil) }
    return (
      hard > soft ? hard : nil,
      "as many connections as the settings allow (websocket.max_connections) need \(needed) descriptors, and the system "
        + "lets the process have \(hard): raise that (LimitNOFILE, ulimit -n) or lower the settings"
    )
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
