/// Why a configuration file was refused.
package struct DashboardConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The file's path.
  package var file: String
  /// From 1; nil when it concerns the whole file.
  package var line: Int?
  /// Dotted: `alerts.rules`.
  package var key: String?
  /// What is wrong, with the value, and what is allowed.
  package var reason: String

  package init(file: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `config.toml:12: theme: …`.
  package var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "\($0): " } ?? "") + reason
  }
}
