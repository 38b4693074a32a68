/// Why a configuration file was refused.
public struct DashboardConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The file's path.
  public var file: String
  /// From 1; nil when it concerns the whole file.
  public var line: Int?
  /// Dotted: `alerts.rules`.
  public var key: String?
  /// What is wrong, with the value, and what is allowed.
  public var reason: String

  public init(file: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `config.toml:12: theme: …`.
  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "\($0): " } ?? "") + reason
  }
}
