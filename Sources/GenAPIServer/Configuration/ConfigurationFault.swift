/// One thing that is wrong with a configuration.
public struct ConfigurationFault: Sendable, Equatable, CustomStringConvertible {
  /// The file, or the environment variable.
  public var source: String
  /// From 1; nil when it concerns the whole file, or a variable.
  public var line: Int?
  /// `websocket.listen`
  public var key: String?
  /// What is wrong, with the value, and what is allowed.
  public var reason: String

  public init(source: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.source = source
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `gateway.toml:12: websocket.listen: …`
  public var description: String {
    source + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "\($0): " } ?? "") + reason
  }
}

/// Every fault of a configuration: nothing of it is used.
public struct ConfigurationFaultList: Error, Sendable, Equatable, CustomStringConvertible {
  public var faults: [ConfigurationFault]

  public init(faults: [ConfigurationFault]) { self.faults = faults }

  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
