/// A config that was refused.
public struct FailedConfigState: Codable, Equatable, Sendable, StateEntry {
  public var id: Int64
  /// Microseconds since the Unix epoch.
  public var at: Int64
  public var service: String
  public var requestType: String?
  public var version: String?
  /// push, pull or local.
  public var source: String
  public var node: String?
  public var reasons: [String]

  public var entryKey: String { String(id) }

  public init(
    id: Int64, at: Int64, service: String, requestType: String? = nil, version: String? = nil, source: String,
    node: String? = nil, reasons: [String] = []
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
