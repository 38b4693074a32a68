import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Rate limits.
extension ConsoleCommand {
  static let limits: [ConsoleCommand] = [
    .prints("PhoenixGenApi.rl_status", arity: 1...1, "prints what a user has used of each limit on users") {
      call in
      call.gateway.reports.rateLimitStatus(user: try call.text(0, "user_id"))
    },
    .prints("PhoenixGenApi.rl_global", arity: 0...0, "prints the global limits") { call in
      call.gateway.reports.globalLimits()
    },
    .changes(
      "PhoenixGenApi.rl_global", arity: 1...1, .updateRateLimitConfig,
      "replaces the global limits by a list of `%{key:, max_requests:, window_ms:}`, and prints them"
    ) { call in
      try printed(call, setGlobal(call, try call.list(0, "limits")))
    },
    .changes(
      "PhoenixGenApi.rl_global", arity: 2...2, .updateRateLimitConfig,
      "`(:add, limit)` and `(:remove, key)`: as `add_global_limit` and `remove_global_limit`, and prints the limits"
    ) { call in
      switch try call.text(0, "what to do") {
      case "add": return try printed(call, addGlobal(call, try call.map(1, "limit")))
      case "remove": return try printed(call, removeGlobal(call, try ConsoleLimit.key(call[1], call)))
      default: throw call.fault("what to do must be :add or :remove")
      }
    },
    .prints("PhoenixGenApi.rl_config", arity: 0...0, "prints every limit") { call in
      call.gateway.reports.rateLimits()
    },
    .tells(
      "PhoenixGenApi.get_rate_limit_config", "PhoenixGenApi.RateLimiter.get_configured_limits", arity: 0...0,
      "the limits: `%{global: [...], api: [...]}`"
    ) { call in
      let configuration = call.limiter.configuration
      return .fields([
        "global": ConsoleLimit.list(configuration.globalLimits),
        "api": ConsoleLimit.list(configuration.apiLimits),
      ])
    },
    .tells(
      "PhoenixGenApi.get_global_limits", "PhoenixGenApi.RateLimiter.get_global_limits", arity: 0...0,
      "the global limits"
    ) { call in
      ConsoleLimit.list(call.limiter.configuration.globalLimits)
    },
    .changes(
      "PhoenixGenApi.set_global_limits", "PhoenixGenApi.RateLimiter.set_global_limits", arity: 1...1,
      .updateRateLimitConfig, "replaces the global limits; those that stay keep their counts"
    ) { call in
      try setGlobal(call, try call.list(0, "limits"))
    },
    .changes(
      "PhoenixGenApi.add_global_limit", "PhoenixGenApi.RateLimiter.add_global_limit", arity: 1...1,
      .updateRateLimitConfig, "adds a global limit in place of those on the same key"
    ) { call in
      try addGlobal(call, try call.map(0, "limit"))
    },
    .changes(
      "PhoenixGenApi.remove_global_limit", "PhoenixGenApi.RateLimiter.remove_global_limit", arity: 1...1,
      .updateRateLimitConfig, "removes the global limits on a key"
    ) { call in
      try removeGlobal(call, try ConsoleLimit.key(call[0], call))
    },
    .changes(
      "PhoenixGenApi.update_rate_limit_config", "PhoenixGenApi.RateLimiter.update_config", arity: 1...1,
      .updateRateLimitConfig,
      "changes what the map names of `enabled`, `fail_open`, `global_limits` and `api_limits`"
    ) { call in
      let map = try call.map(0, "config")
      return try change(call) { configuration in
        if let enabled = try ConsoleLimit.bool(map, "enabled", call) { configuration.enabled = enabled }
        if let failOpen = try ConsoleLimit.bool(map, "fail_open", call) { configuration.failOpen = failOpen }
        if let list = map[atom: "global_limits"] {
          configuration.globalLimits = try ConsoleLimit.limits(list, isGlobal: true, call)
        }
        if let list = map[atom: "api_limits"] {
          configuration.apiLimits = try ConsoleLimit.limits(list, isGlobal: false, call)
        }
      }
    },
    .tells(
      "PhoenixGenApi.get_rate_limit_status", "PhoenixGenApi.RateLimiter.get_rate_limit_status", arity: 3...3,
      "`(key_value, :global \\| {service, request_type}, key)`: how a value stands under each limit on the key"
    ) { call in
      let value = try call.text(0, "key_value")
      let scope = try ConsoleLimit.scope(call[1], call)
      let found = call.limiter.status(
        keyValue: value, scope: scope, key: try ConsoleLimit.key(call[2], call))
      return .list(found.map { ConsoleLimit.status($0, value, scope) })
    },
    .changes(
      "PhoenixGenApi.check_rate_limit", "PhoenixGenApi.RateLimiter.check_rate_limit", arity: 1...1,
      .updateRateLimitConfig,
      "counts a request against its limits: `:ok` or `{:error, :rate_limited, details}`"
    ) { call in
      guard let request = ServiceRequest.request(call[0]) else {
        throw call.fault("a request is a %Request{}")
      }
      let identity = FunctionIdentity(service: request.service, requestType: request.requestType)
      let context = RequestContext(requestID: request.requestID, function: identity)
      return .term(
        ConsoleLimit.decision(call.limiter.check(context, keys: { $0.value(of: request) })))
    },
    .changes(
      "PhoenixGenApi.RateLimiter.check_rate_limit", arity: 3...3, .updateRateLimitConfig,
      "`(key_value, scope, key)`: counts one request of a value against the limits on the key"
    ) { call in
      let decision = call.limiter.check(
        keyValue: try call.text(0, "key_value"), scope: try ConsoleLimit.scope(call[1], call),
        key: try ConsoleLimit.key(call[2], call))
      return .term(ConsoleLimit.decision(decision))
    },
    .changes(
      "PhoenixGenApi.reset_rate_limit", "PhoenixGenApi.RateLimiter.reset_rate_limit",
      "PhoenixGenApi.RateLimiter.reset", arity: 3...3, .updateRateLimitConfig,
      "`(key_value, scope, key)`: forgets what a value has used"
    ) { call in
      call.limiter.reset(
        keyValue: try call.text(0, "key_value"), scope: try ConsoleLimit.scope(call[1], call),
        key: try ConsoleLimit.key(call[2], call))
      return .done
    },
    .changes(
      "PhoenixGenApi.RateLimiter.clear", arity: 0...0, .updateRateLimitConfig, "forgets every counted request"
    ) { call in
      call.limiter.clear()
      return .done
    },
    .tells("PhoenixGenApi.RateLimiter.status", arity: 0...0, "the limiter's instances with their limits") {
      call in
      ConsoleLimit.state(of: call.limiter.configuration)
    },
    .tells("PhoenixGenApi.RateLimiter.instance_count", arity: 0...0, "how many instances the limiter has") {
      call in
      .int(ConsoleLimit.instances(of: call.limiter.configuration))
    },
    .tells("PhoenixGenApi.RateLimiter.routing_strategy", arity: 0...0, "`:hash` or `:random`") { call in
      .atom(ByteText(call.limiter.configuration.routing.rawValue))
    },
  ]

  // MARK: Changing

  private static func change(
    _ call: ConsoleCall, _ body: (inout RateLimiterConfiguration) throws -> Void
  ) throws -> ConsoleAnswer {
    var configuration = call.limiter.configuration
    try body(&configuration)
    do throws(RateLimitError) {
      try call.limiter.updateConfiguration(configuration)
      return .done
    } catch {
      return .error(.text(ByteText(error.description)))
    }
  }

  private static func setGlobal(_ call: ConsoleCall, _ limits: [Term]) throws -> ConsoleAnswer {
    try change(call) { $0.globalLimits = try ConsoleLimit.limits(.list(limits), isGlobal: true, call) }
  }

  private static func addGlobal(_ call: ConsoleCall, _ map: TermMap) throws -> ConsoleAnswer {
    let limit = try ConsoleLimit.limit(map, isGlobal: true, call)
    return try change(call) { configuration in
      configuration.globalLimits.removeAll { $0.key == limit.key }
      configuration.globalLimits.append(limit)
    }
  }

  private static func removeGlobal(_ call: ConsoleCall, _ key: RequestKey) throws -> ConsoleAnswer {
    try change(call) { $0.globalLimits.removeAll { $0.key == key } }
  }

  /// What was changed is shown; what was refused is told.
  private static func printed(_ call: ConsoleCall, _ answer: ConsoleAnswer) throws -> ConsoleAnswer {
    guard case .term(.atom("ok")) = answer else { return answer }
    return .printed(ByteText(call.gateway.reports.globalLimits()))
  }
}
