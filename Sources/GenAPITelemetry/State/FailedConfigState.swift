import GenAPIValue

/// A config that was refused.
public struct FailedConfigState: StateEntry {
  /// The number of this refusal, which counts up.
  public var id: Int64
  /// Microseconds since the Unix epoch.
  public var at: Int64
  /// The service that the config names.
  public var service: ByteText
  /// The request type that the config names; nil where it names none.
  public var requestType: ByteText?
  /// The version that the config names; nil where it names none.
  public var version: ByteText?
  /// push, pull or local.
  public var source: ByteText
  /// The node that sent it; nil for one of this gateway.
  public var node: ByteText?
  /// What was wrong with it, one text a fault, at most 50.
  public var reasons: [ByteText]

  public var entryKey: ByteText { "\(id)" }
  public var owner: StateOwner { .service(service) }

  public init(
    id: Int64, at: Int64, service: ByteText, requestType: ByteText? = nil, version: ByteText? = nil,
    source: ByteText,
    node: ByteText? = nil, reasons: [ByteText] = []
  ) {
    self.id = id
    self.at = at
    self.service = service
    self.requestType = requestType
    self.version = version
    self.source = source
    self.node = node
    self.reasons = reasons
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.time(&at)
    editor.name(&service)
    editor.name(&requestType)
    editor.name(&version)
    editor.name(&source)
    editor.name(&node)
    editor.texts(&reasons, most: 50)
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case at
    case service
    case requestType = "request_type"
    case version
    case source
    case node
    case reasons
  }
}
