import GenAPIValue

/// Where a service's functions come from, and how fresh they are.
public struct ServiceState: StateEntry {
  /// The service's name.
  public var service: ByteText
  /// push, pull or local; `push+pull` when both.
  public var source: ByteText
  /// The service's version of all its configs; nil where it tells none.
  public var configVersion: ByteText?
  /// Versions of functions.
  public var functions: Int
  /// Of its functions, those that are disabled.
  public var disabled: Int
  /// Last accepted push or successful pull, microseconds since the Unix epoch.
  public var lastSuccessAt: Int64?
  /// When it was pulled last, microseconds since the Unix epoch; nil for never.
  public var lastPullAt: Int64?
  /// When it will be pulled, microseconds since the Unix epoch; nil when it is not pulled.
  public var nextPullAt: Int64?
  /// Consecutive.
  public var pullFailures: Int
  /// What the last pull failed with; nil when it did not.
  public var lastError: ByteText?
  /// What its configs name and nothing is registered for, as `get_user: mfa Users.get`: requests for it fail. At most 50.
  public var unresolved: [ByteText] = []

  public var entryKey: ByteText { service }
  public var owner: StateOwner { .service(service) }

  public init(
    service: ByteText, source: ByteText = "local", configVersion: ByteText? = nil, functions: Int = 0,
    disabled: Int = 0, lastSuccessAt: Int64? = nil, lastPullAt: Int64? = nil, nextPullAt: Int64? = nil,
    pullFailures: Int = 0, lastError: ByteText? = nil, unresolved: [ByteText] = []
  ) {
    self.service = service
    self.source = source
    self.configVersion = configVersion
    self.functions = functions
    self.disabled = disabled
    self.lastSuccessAt = lastSuccessAt
    self.lastPullAt = lastPullAt
    self.nextPullAt = nextPullAt
    self.pullFailures = pullFailures
    self.lastError = lastError
    self.unresolved = unresolved
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&service)
    editor.name(&source)
    editor.name(&configVersion)
    editor.count(&functions)
    editor.count(&disabled)
    editor.time(&lastSuccessAt)
    editor.time(&lastPullAt)
    editor.time(&nextPullAt)
    editor.count(&pullFailures)
    editor.text(&lastError)
    editor.names(&unresolved)
  }

  private enum CodingKeys: String, CodingKey {
    case service
    case source
    case configVersion = "config_version"
    case functions
    case disabled
    case lastSuccessAt = "last_success_at"
    case lastPullAt = "last_pull_at"
    case nextPullAt = "next_pull_at"
    case pullFailures = "pull_failures"
    case lastError = "last_error"
    case unresolved
  }
}

extension ServiceState {
  /// What gateways of before did not send is empty.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    service = try container.decode(ByteText.self, forKey: .service)
    source = try container.decode(ByteText.self, forKey: .source)
    configVersion = try container.decodeIfPresent(ByteText.self, forKey: .configVersion)
    functions = try container.decode(Int.self, forKey: .functions)
    disabled = try container.decode(Int.self, forKey: .disabled)
    lastSuccessAt = try container.decodeIfPresent(Int64.self, forKey: .lastSuccessAt)
    lastPullAt = try container.decodeIfPresent(Int64.self, forKey: .lastPullAt)
    nextPullAt = try container.decodeIfPresent(Int64.self, forKey: .nextPullAt)
    pullFailures = try container.decode(Int.self, forKey: .pullFailures)
    lastError = try container.decodeIfPresent(ByteText.self, forKey: .lastError)
    unresolved = try container.decodeIfPresent([ByteText].self, forKey: .unresolved) ?? []
  }
}
