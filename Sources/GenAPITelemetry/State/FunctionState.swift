import GenAPIValue

/// One version of a function in the config store.
public struct FunctionState: StateEntry {
  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The function's version; nil where it has none.
  public var version: ByteText?
  /// False when an operator or its config disabled it.
  public var enabled: Bool
  /// Node names; `local`; or the function that lists them.
  public var nodes: [ByteText]
  /// How it answers: `sync`, `async`, `stream` or `none`.
  public var responseType: ByteText
  /// push, pull or local.
  public var source: ByteText
  /// The service's config version it came with.
  public var configVersion: ByteText?
  /// nil for no limit.
  public var timeoutMs: Int64?
  /// Who may call it, for people.
  public var permission: ByteText
  /// How often it is tried again, for people; nil for never.
  public var retry: ByteText?
  /// How one of several nodes is chosen, for people.
  public var chooseNode: ByteText
  /// The hooks that run before and after it, as `before Audit.check`.
  public var hooks: [ByteText]
  /// Microseconds since the Unix epoch.
  public var changedAt: Int64

  public var entryKey: ByteText { [service, requestType, version ?? ""].joinedAsKey }

  public func isSameEntry(as other: Self) -> Bool {
    requestType == other.requestType && service == other.service && (version ?? "") == (other.version ?? "")
  }

  public var owner: StateOwner { .service(service) }

  public init(
    service: ByteText, requestType: ByteText, version: ByteText? = nil, enabled: Bool = true,
    nodes: [ByteText] = [],
    responseType: ByteText = "sync", source: ByteText = "local", configVersion: ByteText? = nil,
    timeoutMs: Int64? = nil, permission: ByteText = "false", retry: ByteText? = nil,
    chooseNode: ByteText = "random", hooks: [ByteText] = [], changedAt: Int64 = 0
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

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&service)
    editor.name(&requestType)
    editor.name(&version)
    editor.names(&nodes)
    editor.name(&responseType)
    editor.name(&source)
    editor.name(&configVersion)
    editor.count(&timeoutMs)
    editor.text(&permission)
    editor.text(&retry)
    editor.text(&chooseNode)
    editor.names(&hooks)
    editor.time(&changedAt)
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
