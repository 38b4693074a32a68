import GenAPITelemetry

/// Something that gateways have differently of one function.
public struct ConfigDifference: Equatable, Sendable {
  public var requestType: String
  public var version: String?
  /// A setting's name, or `exists` for a function that some gateways do not have.
  public var setting: String
  /// By the gateway's name.
  public var values: [String: String]

  public init(requestType: String, version: String? = nil, setting: String, values: [String: String]) {
    self.requestType = requestType
    self.version = version
    self.setting = setting
    self.values = values
  }
}

extension FunctionState {
  /// What a config says, by the names that the details of a function have for it.
  var settings: [(name: String, value: String)] {
    [
      ("enabled", enabled ? "yes" : "no"), ("nodes", nodes.sorted().joined(separator: ", ")),
      ("answers", responseType), ("timeout", timeoutMs.map { "\($0) ms" } ?? "none"),
      ("permission", permission), ("retry", retry ?? "none"), ("node choice", chooseNode),
      ("hooks", hooks.joined(separator: ", ")), ("from", source),
    ]
  }

  /// The same config, whenever it came.
  func isConfigured(like other: FunctionState) -> Bool {
    enabled == other.enabled && timeoutMs == other.timeoutMs && responseType == other.responseType
      && permission == other.permission && retry == other.retry && chooseNode == other.chooseNode
      && source == other.source && hooks == other.hooks
      && (nodes == other.nodes || nodes.sorted() == other.nodes.sorted())
  }
}
