/// The panes, by the digit that focuses them.
public enum PaneKind: Int, CaseIterable, Sendable, Comparable {
  case requests = 1
  case latency, limits, circuits, configs, relay, events, nodes, alerts

  public var title: String {
    switch self {
    case .requests: "Requests"
    case .latency: "Latency"
    case .limits: "Rate limits"
    case .circuits: "Circuits"
    case .configs: "Configs"
    case .relay: "Relay"
    case .events: "Events"
    case .nodes: "Nodes"
    case .alerts: "Alerts"
    }
  }

  /// In configuration files.
  public var key: String {
    self == .limits ? "rate_limits" : title.lowercased()
  }

  public static func < (one: PaneKind, other: PaneKind) -> Bool { one.rawValue < other.rawValue }

  /// The keys of a filter's terms that narrow the pane; the others leave it as it is.
  var narrowedBy: Set<String> {
    switch self {
    case .requests, .latency, .configs: ["service", "type", "version", "node", "text"]
    case .limits: ["service", "type", "node", "user", "text"]
    case .circuits: ["node", "text"]
    case .relay: ["node", "user", "text"]
    case .nodes: ["node", "service", "text"]
    case .events:
      ["service", "type", "version", "node", "user", "req", "cat", "event", "status", "dur", "text"]
    case .alerts: []
    }
  }
}
