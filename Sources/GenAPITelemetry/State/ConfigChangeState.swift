import GenAPIValue

/// Something that changed in the config store.
public struct ConfigChangeState: StateEntry {
  /// Counts up from 1.
  public var id: Int64
  /// Microseconds since the Unix epoch.
  public var at: Int64
  /// added, updated, removed, enabled, disabled, version.
  public var kind: ByteText
  /// The service whose configs changed.
  public var service: ByteText
  /// The function; nil for a change of the whole service.
  public var requestType: ByteText?
  /// The function's version; nil where it has none.
  public var version: ByteText?
  /// For a change of config version.
  public var from: ByteText?
  /// The service's config version after the change.
  public var to: ByteText?
  /// What made the change, in words, such as `push from app1@10.0.0.7` or `reload`; nil where the gateway does not tell, as older ones
  /// do not.
  public var by: ByteText?

  public var entryKey: ByteText { "\(id)" }
  public var owner: StateOwner { .service(service) }

  public init(
    id: Int64, at: Int64, kind: ByteText, service: ByteText, requestType: ByteText? = nil,
    version: ByteText? = nil,
    from: ByteText? = nil, to: ByteText? = nil, by: ByteText? = nil
  ) {
    self.id = id
    self.at = at
    self.kind = kind
    self.service = service
    self.requestType = requestType
    self.version = version
    self.from = from
    self.to = to
    self.by = by
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.time(&at)
    editor.name(&kind)
    editor.name(&service)
    editor.name(&requestType)
    editor.name(&version)
    editor.name(&from)
    editor.name(&to)
    editor.name(&by)
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case at
    case kind
    case service
    case requestType = "request_type"
    case version
    case from
    case to
    case by
  }
}
