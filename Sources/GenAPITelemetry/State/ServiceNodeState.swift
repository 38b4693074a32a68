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
    latency: LatencyHistogram = LatencyHistogram(), services: [ByteText] = [], reason: ByteText? = nil
  ) {
    self.node = node
    self.up = up
    self.since = since
    self.calls = calls
    self.failures = failures
    self.latency = latency
    self.services = services
    self.reason = reason
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&node)
    editor.text(&reason)
    editor.time(&since)
    editor.count(&calls)
    editor.count(&failures)
    editor.histogram(latency)
    editor.names(&services)
  }

  /// What is the same until it comes up, goes down or serves something else.
  @usableFromInline var withoutCounters: ServiceNodeState {
    ServiceNodeState(node: node, up: up, since: since, services: services, reason: reason)
  }
}
