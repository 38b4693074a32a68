import GenAPITelemetry
import GenAPIValue

/// A config that was refused, with all that is needed to mend it.
public struct FailedConfig: Codable, Sendable, Equatable, Identifiable {
  public var id: Int64
  /// When it was refused last, microseconds since the Unix epoch.
  public var at: Int64
  /// When it is forgotten: 24 hours after it was refused last.
  public var expiresAt: Int64
  public var service: ByteText
  public var requestType: ByteText?
  public var version: ByteText?
  public var source: ConfigOrigin.Kind
  public var node: ByteText?
  public var reasons: [ByteText]
  /// As it came; nil when it is larger than 16 KiB.
  public var config: Value?

  var state: FailedConfigState {
    FailedConfigState(
      id: id, at: at, service: service, requestType: requestType, version: version,
      source: ByteText(source.rawValue),
      node: node, reasons: reasons)
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case at
    case expiresAt = "expires_at"
    case service
    case requestType = "request_type"
    case version
    case source
    case node
    case reasons
    case config
  }
}

/// Which of the refused configs are meant: those that fit all that is given.
public struct FailedConfigFilter: Sendable, Equatable {
  public var service: ByteText?
  public var requestType: ByteText?
  public var source: ConfigOrigin.Kind?

  public init(service: ByteText? = nil, requestType: ByteText? = nil, source: ConfigOrigin.Kind? = nil) {
    self.service = service
    self.requestType = requestType
    self.source = source
  }

  func matches(_ config: FailedConfig) -> Bool {
    (service == nil || config.service == service) && (requestType == nil || config.requestType == requestType)
      && (source == nil || config.source == source)
  }
}
