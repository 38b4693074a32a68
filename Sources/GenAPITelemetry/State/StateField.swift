import GenAPIValue

/// A section of a state, or a field of one, by its name in a frame: `sockets`, `limits.checks`, `relay.members.connections`.
public struct StateField: Hashable, Sendable {
  /// The whole name, its parts joined by dots.
  public let name: ByteText

  /// Makes one by its name.
  public init(_ name: ByteText) { self.name = name }

  /// The section's name.
  public var section: ByteText { parts[0] }

  /// The names of the section, the field, and what is within that.
  public var parts: [ByteText] { name.split(separator: UInt8(ascii: ".")) }
}

extension StateField {
  /// All counters of the gateway.
  public static let totals = StateField("totals")
  /// Payloads that were no request.
  public static let invalidRequests = StateField("totals.invalid")
  /// Events that were emitted.
  public static let eventsEmitted = StateField("totals.events_emitted")
  /// The counters and latencies of functions.
  public static let series = StateField("series")
  /// Requests that a limit measured.
  public static let limitChecks = StateField("limits.checks")
  /// Requests that a limit refused.
  public static let limitRejections = StateField("limits.rejections")
  /// When a limit refused last.
  public static let limitLastRejection = StateField("limits.last_rejection_at")
  /// Keys that a limit counts.
  public static let limitKeys = StateField("limits.tracked_keys")
  /// Requests of a key that were refused.
  public static let keyRejections = StateField("hot_keys.rejections")
  /// The keys of all limits together.
  public static let limiter = StateField("limiter")
  /// A pool's own breaker.
  public static let poolBreaker = StateField("pools.breaker")
  /// Failures in a row of a pool.
  public static let poolFailures = StateField("pools.consecutive_failures")
  /// Breakers of services that are open.
  public static let poolOpenServices = StateField("pools.open_services")
  /// Breakers of services that are half-open.
  public static let poolHalfOpenServices = StateField("pools.half_open_services")
  /// Circuit breakers that are not closed.
  public static let breakers = StateField("breakers")
  /// Workers whose breaker is open.
  public static let poolOpenWorkers = StateField("pools.open_workers")
  /// Workers whose breaker is half-open.
  public static let poolHalfOpenWorkers = StateField("pools.half_open_workers")
  /// Tasks that ran to their end.
  public static let poolExecuted = StateField("pools.executed")
  /// Tasks that failed.
  public static let poolFailed = StateField("pools.failed")
  /// Tasks that were refused.
  public static let poolRejected = StateField("pools.rejected")
  /// Tasks that were refused because of their client's share.
  public static let poolShareRejected = StateField("pools.share_rejected")
  /// Workers that one client may hold.
  public static let poolClientWorkers = StateField("pools.client_workers")
  /// Which workers are busy.
  public static let poolBusySlots = StateField("pools.busy_slots")
  /// Failed pulls in a row.
  public static let pullFailures = StateField("services.pull_failures")
  /// When a function's config changed.
  public static let functionChangedAt = StateField("functions.changed_at")
  /// What changed of the configs.
  public static let configChanges = StateField("config_changes")
  /// Messages of a relay group.
  public static let groupMessages = StateField("relay.messages")
  /// When a relay group was made.
  public static let groupCreated = StateField("relay.created_at")
  /// Connections of a relay group's member.
  public static let memberConnections = StateField("relay.members.connections")
  /// Hooks that ran.
  public static let hooks = StateField("hooks")
  /// Clients' connections.
  public static let sockets = StateField("sockets")
  /// Calls of a service node.
  public static let nodeCalls = StateField("nodes.calls")
  /// Calls of a service node that failed.
  public static let nodeFailures = StateField("nodes.failures")
  /// How long calls of a service node took.
  public static let nodeLatency = StateField("nodes.latency")

  /// Those above.
  package static let named: [StateField] = [
    .totals, .invalidRequests, .eventsEmitted, .series, .limitChecks, .limitRejections,
    .limitLastRejection, .limitKeys, .keyRejections, .limiter, .poolBreaker, .poolFailures,
    .poolOpenServices, .poolHalfOpenServices, .breakers, .poolOpenWorkers, .poolHalfOpenWorkers,
    .poolExecuted, .poolFailed, .poolRejected, .poolShareRejected, .poolClientWorkers, .poolBusySlots,
    .pullFailures, .functionChangedAt, .configChanges, .groupMessages, .groupCreated, .memberConnections,
    .hooks, .sockets,
    .nodeCalls, .nodeFailures, .nodeLatency,
  ]
}
