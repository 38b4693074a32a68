import TopModel

/// The names that values have in a configuration file.
protocol ConfigurationNamed: CaseIterable, Equatable {
  var configurationName: String { get }
}

extension ConfigurationNamed {
  static var allowedNames: String { allCases.map(\.configurationName).joined(separator: ", ") }

  init?(configurationName: String) {
    guard let found = Self.allCases.first(where: { $0.configurationName == configurationName }) else {
      return nil
    }
    self = found
  }
}

extension PaneKind: ConfigurationNamed {
  var configurationName: String { key }

  /// The columns that can be chosen; empty for a pane without.
  public var columnNames: [String] {
    switch self {
    case .requests: ["service", "type", "trend", "rps", "err%", "rej%", "fly", "p50", "p95", "p99", "max"]
    case .circuits: ["pool", "breaker", "fail", "busy", "queue", "rej/s", "node"]
    case .configs: ["service", "version", "fn", "off", "from", "age"]
    case .relay: ["group", "type", "act", "pnd", "mut", "msg/s", "node"]
    case .events: ["time", "node", "event", "service", "type", "took", "what", "request"]
    case .nodes:
      ["node", "kind", "version", "rps", "err%", "p99", "cpu%", "mem", "sock", "lag", "lost", "skew"]
    case .alerts: ["rule", "what", "now", "since"]
    case .latency, .limits: []
    }
  }
}

extension StatisticsWindow: ConfigurationNamed {
  var configurationName: String { label }
}

extension CircuitView: ConfigurationNamed {
  var configurationName: String { label.replacing(" ", with: "-") }
}

extension LatencyMode: ConfigurationNamed {
  var configurationName: String { self == .heatMap ? "heat-map" : rawValue }
}

extension RequestSort: ConfigurationNamed {
  var configurationName: String { label.replacing(" ", with: "-") }
}
