import GenAPITelemetry
import GenAPIValue

/// Why a rate limiter's settings were refused.
public enum RateLimitError: Error, Equatable, CustomStringConvertible {
  /// A limit, by its id, has something wrong.
  case invalidLimit(ByteText, ByteText)
  /// Two limits have one id.
  case duplicateLimit(ByteText)
  /// There is no limit of this scope and key.
  case noSuchLimit(scope: ByteText, key: ByteText)
  /// An endpoint declares the limit: it changes and goes with the endpoint.
  case declared(ByteText)
  /// A limit stands in the list of the other scope.
  case wrongList(ByteText, list: ByteText)
  /// More limits were given than may be.
  case tooManyLimits(Int, maximum: Int)
  /// A setting of the limiter is out of its range.
  case invalidSetting(name: ByteText, problem: ByteText)

  public var description: String {
    switch self {
    case .invalidLimit(let id, let problem): "rate limit \"\(id.shown)\": \(problem)"
    case .duplicateLimit(let id):
      "rate limit \"\(id)\": another limit has the same scope, key and window"
    case .noSuchLimit(let scope, let key):
      "no rate limit with scope \(FunctionPath.shown(scope)) and key \(key.asName)"
    case .declared(let id):
      "rate limit \"\(id)\" is declared by an endpoint, and changes and goes with it; a lower maximum may be set beside it"
    case .wrongList(let id, let list): "rate limit \"\(id)\" does not belong in \(list)"
    case .tooManyLimits(let count, let maximum): "\(count) rate limits given, at most \(maximum) allowed"
    case .invalidSetting(let name, let problem): "rate_limiter.\(name): \(problem)"
    }
  }
}
