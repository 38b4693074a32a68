import GenAPITelemetry

/// All limits in force at one moment; replaced as a whole when a limit changes.
final class RateLimitRules: Sendable {
  /// A function by its names, hashed when the function was registered.
  struct Function: Hashable {
    var identity: FunctionIdentity

    static func == (a: Function, b: Function) -> Bool {
      a.identity === b.identity
        || (a.identity.requestType == b.identity.requestType && a.identity.service == b.identity.service)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(identity.nameHash) }
  }

  let configuration: RateLimiterConfiguration
  let isEnabled: Bool
  let global: [LimitRule]
  private let api: [Function: [LimitRule]]
  /// In the order of the configuration, global ones first.
  let all: [LimitRule]

  /// Limits that were in force before keep their counters.
  init(_ configuration: RateLimiterConfiguration, previous: RateLimitRules?) {
    self.configuration = configuration
    isEnabled = configuration.enabled
    let known = Dictionary(uniqueKeysWithValues: (previous?.all ?? []).map { ($0.limit, $0) })
    let limits = configuration.globalLimits + configuration.apiLimits
    var taken = Set(limits.compactMap { known[$0]?.place })
    var place = 0
    func rule(_ limit: RateLimit) -> LimitRule {
      if let rule = known[limit] { return rule }
      while taken.contains(place) { place += 1 }
      taken.insert(place)
      return LimitRule(limit, place: place)
    }
    global = configuration.globalLimits.map(rule)
    let apiRules = configuration.apiLimits.map(rule)
    var api: [Function: [LimitRule]] = [:]
    for rule in apiRules {
      guard case .api(let service, let requestType) = rule.limit.scope else { continue }
      let identity = FunctionIdentity(service: service, requestType: requestType)
      api[Function(identity: identity), default: []].append(rule)
    }
    self.api = api
    all = global + apiRules
  }

  func rules(of function: FunctionIdentity) -> [LimitRule] {
    api.isEmpty ? [] : api[Function(identity: function)] ?? []
  }

  func rules(of scope: RateLimitScope) -> [LimitRule] {
    switch scope {
    case .global: global
    case .api(let service, let requestType):
      rules(of: FunctionIdentity(service: service, requestType: requestType))
    }
  }
}
