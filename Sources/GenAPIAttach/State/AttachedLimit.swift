import ErlangTerms
import GenAPITelemetry
import OutsideText

/// A limit that is in force.
struct AttachedLimit {
  let state: LimitState
  /// What stands before the client's own key in the library's table; empty for a limit of all requests.
  let prefix: ByteText

  /// `{Service, Type, Key, Max, Window}`; nil for the service of a global limit.
  init?(_ parts: [Term]) {
    guard parts.count == 5, let key = parts[2].name else { return nil }
    let scope: ByteText
    if let service = parts[0].name, let type = parts[1].name {
      scope = FunctionPath.text(service: service, requestType: type)
      prefix = "\(service):\(type):"
    } else {
      scope = "global"
      prefix = ""
    }
    let (most, window) = (parts[3].count, parts[4].count)
    state = LimitState(
      id: [scope, key, "\(most)/\(window)ms"].joinedUniquely(by: UInt8(ascii: " ")), scope: scope, key: key,
      maxRequests: Int(clamping: most), windowMs: window)
  }

  /// `global`, or `{Service, Type}`.
  static func scope(_ term: Term?) -> ByteText {
    guard let parts = term?.tupleElements, parts.count == 2, let service = parts[0].name,
      let type = parts[1].name
    else { return term?.name ?? "global" }
    return FunctionPath.text(service: service, requestType: type)
  }
}

/// What the library tells of a limit that refused a request: not which of those it has.
struct LimitRefusal {
  let scope: ByteText
  let most: Int64
  /// nil where it is not told.
  let window: Int64?
  /// What the limit counts by was the user.
  let isUser: Bool

  /// The first of the limits that it can have been; of those that are alike the one that counts users where a user was counted.
  func limit(of limits: [AttachedLimit]) -> LimitState? {
    let alike = limits.lazy.map(\.state).filter {
      $0.scope == scope && Int64($0.maxRequests) == most && (window == nil || $0.windowMs == window)
    }
    return alike.first { ($0.key == "user_id") == isUser } ?? alike.first
  }
}
