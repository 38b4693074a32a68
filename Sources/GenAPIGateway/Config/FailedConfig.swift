import GenAPITelemetry
import GenAPIValue

/// A config that was refused, with all that is needed to mend it.
public struct FailedConfig: Codable, Sendable, Equatable, Identifiable {
  public var id: Int64
  /// When it was refused last, microseconds since the Unix epoch.
  public var at: Int64
  /// When it is forgotten: 24 hours after it was refused last.
  public var expiresAt: Int64
  /// The service that the config names.
  public var service: ByteText
  /// The request type that the config names; nil where it names none.
  public var requestType: ByteText?
  /// The version that the config names; nil where it names none.
  public var version: ByteText?
  /// How it came.
  public var source: ConfigOrigin.Kind
  /// The node it came from; nil for one of this gateway.
  public var node: ByteText?
  /// What is wrong with it, one text a fault.
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
  /// Only those of this service.
  public var service: ByteText?
  /// Only those of this request type.
  public var requestType: ByteText?
  /// Only those that came so.
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
