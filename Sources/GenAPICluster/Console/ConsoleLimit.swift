import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Rate limits as Elixir has them: `%{key: :user_id, max_requests: 10, window_ms: 60_000}`, those of one function with
/// `service` and `request_type` too.
enum ConsoleLimit {
  static func list(_ limits: [RateLimit]) -> Term {
    ConsolePage.list(limits, most: ConsolePage.most) { limit in
      var pairs: [(key: Term, value: Term)] = [
        (key: .atom("key"), value: key(limit.key)),
        (key: .atom("max_requests"), value: .int(limit.maxRequests)),
        (key: .atom("window_ms"), value: .integer(limit.windowMs)),
      ]
      if case .api(let service, let requestType) = limit.scope {
        pairs += [
          (key: .atom("service"), value: .text(service)),
          (key: .atom("request_type"), value: .text(requestType)),
        ]
      }
      return .map(TermMap(pairs))
    }
  }

  /// A field of the request is an atom, and an argument's name a text.
  static func key(_ key: RequestKey) -> Term {
    switch key {
    case .field(let field): return .atom(ByteText(field.rawValue))
    case .argument(let name):
      // As a text the name of a field is an argument's.
      if case .field = RequestKey(name) { return .text(name) }
      return .text(key.name)
    case .claim: return .text(key.name)
    }
  }

  static func key(_ term: Term?, _ call: ConsoleCall) throws -> RequestKey {
    switch term {
    case .atom(let name): return RequestKey(name)
    case .binary(let bytes):
      guard let name = ByteText(validating: bytes), !name.isEmpty else { break }
      // The text `user_id` is the argument of that name, and no field.
      let key = RequestKey(name)
      if case .field = key { return .argument(name) }
      return key
    default: break
    }
    throw call.fault("a limit's key must be :user_id, :device_id, :ip_address or an argument's name")
  }

  static func scope(_ term: Term?, _ call: ConsoleCall) throws -> RateLimitScope {
    if term == .atom("global") { return .global }
    guard let parts = term?.tupleElements, parts.count == 2, let service = TermValue.text(parts[0]),
      let requestType = TermValue.text(parts[1])
    else { throw call.fault("a scope must be :global or {service, request_type}") }
    return .api(service: service, requestType: requestType)
  }

  static func scope(_ scope: RateLimitScope) -> Term {
    switch scope {
    case .global: .atom("global")
    case .api(let service, let requestType): .tuple([.text(service), .text(requestType)])
    }
  }

  /// What an Elixir gateway counts under: the value itself, or with the function in front.
  private static func counted(_ value: ByteText, _ scope: RateLimitScope) -> Term {
    switch scope {
    case .global: .text(value)
    case .api(let service, let requestType): .text("\(service):\(requestType):\(value)")
    }
  }

  static func limits(_ term: Term, isGlobal: Bool, _ call: ConsoleCall) throws -> [RateLimit] {
    guard let items = term.listElements else { throw call.fault("limits must be a list") }
    return try items.map { item in
      guard let map = item.map else { throw call.fault("a limit must be a map") }
      return try limit(map, isGlobal: isGlobal, call)
    }
  }

  /// - Parameter isGlobal: names no function.
  static func limit(_ map: TermMap, isGlobal: Bool, _ call: ConsoleCall) throws -> RateLimit {
    func number(_ name: ByteText) throws -> Int64 {
      guard let number = map[atom: name]?.integerValue else {
        throw call.fault("\(name) of a limit must be a whole number")
      }
      return number
    }
    func text(_ name: ByteText) throws -> ByteText {
      guard let text = TermValue.text(map[atom: name]) else {
        throw call.fault("\(name) of a limit is missing")
      }
      return text
    }
    let scope =
      isGlobal
      ? RateLimitScope.global
      : .api(service: try text("service"), requestType: try text("request_type"))
    return RateLimit(
      scope: scope, key: try key(map[atom: "key"], call),
      maxRequests: Int(clamping: try number("max_requests")),
      window: .milliseconds(try number("window_ms")))
  }

  static func bool(_ map: TermMap, _ name: ByteText, _ call: ConsoleCall) throws -> Bool? {
    switch map[atom: name] {
    case nil: nil
    case .atom("true"): true
    case .atom("false"): false
    default: throw call.fault("\(name) must be true or false")
    }
  }

  static func status(_ status: RateLimitStatus, _ value: ByteText, _ scope: RateLimitScope) -> Term {
    .fields([
      "key": counted(value, scope), "max_requests": .int(status.limit.maxRequests),
      "current_requests": .int(status.currentRequests), "window_ms": .integer(status.limit.windowMs),
      "remaining": .int(status.remaining), "scope": self.scope(scope),
    ])
  }

  static func decision(_ decision: RateLimitDecision) -> Term {
    switch decision {
    case .allowed: return .atom("ok")
    case .unavailable:
      return .tuple([
        .atom("error"), .atom("rate_limiter_error"), .fields(["message": .text("the check failed")]),
      ])
    case .limited(let exceeded):
      let request = exceeded.request.function
      let scope: RateLimitScope =
        exceeded.scope == "global"
        ? .global : .api(service: request.service, requestType: request.requestType)
      return .tuple([
        .atom("error"), .atom("rate_limited"),
        .fields([
          "key": counted(exceeded.keyValue, scope), "max_requests": .int(exceeded.maxRequests),
          "current_requests": .int(exceeded.currentRequests), "window_ms": .integer(exceeded.windowMs),
          "retry_after_ms": .integer(exceeded.retryAfterMs), "scope": self.scope(scope),
        ]),
      ])
    }
  }

  // MARK: The limiter

  static func instances(of configuration: RateLimiterConfiguration) -> Int {
    configuration.instanceCount ?? 1
  }

  /// Limits and counters belong to no instance: what is told of them once is so for each.
  static func state(of configuration: RateLimiterConfiguration) -> Term {
    let absent = Term.fields(["exists": .bool(false)])
    return .fields([
      "status": .atom("ok"), "instance_count": .int(instances(of: configuration)),
      "instances": .list([
        .fields([
          "status": .atom("ok"), "instance_index": .int(0), "global_limits": list(configuration.globalLimits),
          "api_limits": list(configuration.apiLimits),
          "cleanup_interval": .integer(configuration.cleanupInterval.wholeMilliseconds),
          "ets": .fields(["global": absent, "api": absent]),
        ])
      ]),
    ])
  }
}
