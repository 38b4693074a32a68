import GenAPIValue

/// A service node the gateway knows.
public struct ServiceNodeState: StateEntry {
  /// The node's name.
  public var node: ByteText
  /// Whether it can be reached.
  public var up: Bool
  /// When it came up or went down, microseconds since the Unix epoch; 0 where that is not known.
  public var since: Int64
  /// Why it is down: how its connection ended, or why it cannot be reached now; nil where it is up, and where nobody knows.
  public var reason: ByteText?
  /// Calls to it since the gateway started.
  public var calls: Int64
  /// Unreachable, timed out or threw.
  public var failures: Int64
  /// Calls that it was to answer and that went on to another node, as it could not be reached; among the failures, too.
  public var failovers: Int64
  /// How long calls to it took.
  public var latency: LatencyHistogram
  /// The services that run on it.
  public var services: [ByteText]

  /// Nobody has seen it yet, as before its first call: whether it can be reached is not known. One that went down says when it did.
  public var isUnseen: Bool { !up && since == 0 }

  public var entryKey: ByteText { node }
  public var owner: StateOwner { .services(services) }

  public init(
    node: ByteText, up: Bool = true, since: Int64 = 0, calls: Int64 = 0, failures: Int64 = 0,
    latency: LatencyHistogram = LatencyHistogram(), services: [ByteText] = [], reason: ByteText? = nil,
    failovers: Int64 = 0
  ) {
    self.node = node
    self.up = up
    self.since = since
    self.calls = calls
    self.failures = failures
    self.latency = latency
    self.services = services
    self.reason = reason
    self.failovers = failovers
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&node)
    editor.text(&reason)
    editor.time(&since)
    editor.count(&calls)
    editor.count(&failures)
    editor.count(&failovers)
    editor.histogram(latency)
    editor.names(&services)
  }

  private enum CodingKeys: String, CodingKey {
    case node, up, since, reason, calls, failures, failovers, latency, services
  }

  /// What is the same until it comes up, goes down or serves something else.
  @usableFromInline var withoutCounters: ServiceNodeState {
    ServiceNodeState(node: node, up: up, since: since, services: services, reason: reason)
  }
}

extension ServiceNodeState {
  /// What gateways of before did not send is 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    node = try container.decode(ByteText.self, forKey: .node)
    up = try container.decode(Bool.self, forKey: .up)
    since = try container.decode(Int64.self, forKey: .since)
    calls = try container.decode(Int64.self, forKey: .calls)
    failures = try container.decode(Int64.self, forKey: .failures)
    failovers = try container.decodeIfPresent(Int64.self, forKey: .failovers) ?? 0
    latency = try container.decode(LatencyHistogram.self, forKey: .latency)
    services = try container.decode([ByteText].self, forKey: .services)
    reason = try container.decodeIfPresent(ByteText.self, forKey: .reason)
  }
}
