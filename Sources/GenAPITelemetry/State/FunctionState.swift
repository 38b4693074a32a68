/// One version of a function in the config store.
public struct FunctionState: Codable, Equatable, Sendable, StateEntry {
  public var service: String
  public var requestType: String
  public var version: String?
  public var enabled: Bool
  /// Node names; `local`; or the function that lists them.
  public var nodes: [String]
  public var responseType: String
  /// push, pull or local.
  public var source: String
  /// The service's config version it came with.
  public var configVersion: String?
  /// nil for no limit.
  public var timeoutMs: Int64?
  public var permission: String
  public var retry: String?
  public var chooseNode: String
  public var hooks: [String]
  /// Microseconds since the Unix epoch.
  public var changedAt: Int64

  public var entryKey: String { [service, requestType, version ?? ""].joined(separator: "\u{1F}") }

  public init(
    service: String, requestType: String, version: String? = nil, enabled: Bool = true, nodes: [String] = [],
    responseType: String = "sync", source: String = "local", configVersion: String? = nil,
    timeoutMs: Int64? = nil, permission: String = "false", retry: String? = nil,
    chooseNode: String = "random", hooks: [String] = [], changedAt: Int64 = 0
  ) {
    self.service = service
    self.requestType = requestType
    self.version = version
    self.enabled = enabled
    self.nodes = nodes
    self.responseType = responseType
    self.source = source
    self.configVersion = configVersion
    self.timeoutMs = timeoutMs
    self.permission = permission
    self.retry = retry
    self.chooseNode = chooseNode
    self.hooks = hooks
    self.changedAt = changedAt
  }

  private enum CodingKeys: String, CodingKey {
    case service
    case requestType = "request_type"
    case version
    case enabled
    case nodes
    case responseType = "response_type"
    case source
    case configVersion = "config_version"
    case timeoutMs = "timeout_ms"
    case permission
    case retry
    case chooseNode = "choose_node"
    case hooks
    case changedAt = "changed_at"
  }
}
