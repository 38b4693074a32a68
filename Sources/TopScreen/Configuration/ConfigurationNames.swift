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
}

extension StatisticsWindow: ConfigurationNamed {
  var configurationName: String { label }
}

extension CircuitMode: ConfigurationNamed {
  var configurationName: String { label.replacing(" ", with: "-") }
}

extension LatencyMode: ConfigurationNamed {
  var configurationName: String { self == .heatMap ? "heat-map" : rawValue }
}

extension RequestSort: ConfigurationNamed {
  var configurationName: String { label.replacing(" ", with: "-") }
}
