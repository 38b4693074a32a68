import GenAPIValue

/// Why a rate limiter's settings were refused.
public enum RateLimitError: Error, Equatable, CustomStringConvertible {
  case invalidLimit(ByteText, ByteText)
  case duplicateLimit(ByteText)
  case noSuchLimit(scope: ByteText, key: ByteText)
  case wrongList(ByteText, list: ByteText)
  case tooManyLimits(Int, maximum: Int)
  case invalidSetting(name: ByteText, problem: ByteText)

  public var description: String {
    switch self {
    case .invalidLimit(let id, let problem): "rate limit \"\(id)\": \(problem)"
    case .duplicateLimit(let id):
      "rate limit \"\(id)\": another limit has the same scope, key and window_ms"
    case .noSuchLimit(let scope, let key): "no rate limit with scope \(scope) and key \(key)"
    case .wrongList(let id, let list): "rate limit \"\(id)\" does not belong in \(list)"
    case .tooManyLimits(let count, let maximum): "\(count) rate limits given, at most \(maximum) allowed"
    case .invalidSetting(let name, let problem): "rate_limiter.\(name): \(problem)"
    }
  }
}
