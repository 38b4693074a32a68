/// One thing that is wrong with a configuration.
package struct ConfigurationFault: Sendable, Equatable, CustomStringConvertible {
  /// The file, or the environment variable.
  package var source: String
  /// From 1; nil when it concerns the whole file, or a variable.
  package var line: Int?
  /// `websocket.listen`
  package var key: String?
  /// What is wrong, with the value, and what is allowed.
  package var reason: String

  package init(source: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.source = source
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// Whether it is of a name that no setting has.
  var isOfUnknownKey: Bool {
    ["is not known", "is no setting"].contains { reason.hasPrefix($0) } || reason.contains(": is not known")
  }

  /// `gateway.toml:12: websocket.listen: …`
  package var description: String {
    source + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "\($0): " } ?? "") + reason
  }
}

/// Every fault of a configuration: nothing of it is used.
package struct ConfigurationFaultList: Error, Sendable, Equatable, CustomStringConvertible {
  package var faults: [ConfigurationFault]

  /// Keys that are not known come first: one that is misspelt is the cause of another that is missing.
  package init(faults: [ConfigurationFault]) {
    self.faults = faults.filter(\.isOfUnknownKey) + faults.filter { !$0.isOfUnknownKey }
  }

  /// More are not read by anybody: one wrong table above ten thousand functions is a fault of each of them.
  private static let mostTold = 100

  package var description: String {
    let told = faults.prefix(Self.mostTold).map(\.description)
    let others = faults.count - told.count
    return (told + (others > 0 ? ["and \(others) more"] : [])).joined(separator: "\n")
  }
}
