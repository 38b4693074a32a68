import GenAPITelemetry
import GenAPIValue

/// Which requests a limit counts.
public enum RateLimitScope: Sendable, Hashable, CustomStringConvertible {
  /// All requests.
  case global
  /// The requests of one function.
  case api(service: ByteText, requestType: ByteText)

  /// `global` or `service/request_type`; a `/` in a service's name is written `\/`.
  public var description: String {
    switch self {
    case .global: "global"
    case .api(let service, let requestType):
      FunctionPath.text(service: service, requestType: requestType).string
    }
  }
}
