/// All limits in force at one moment; replaced as a whole when a limit changes.
final class RateLimitRules: Sendable {
  struct Function: Hashable {
    var service: String
    var requestType: String
  }

  let configuration: RateLimiterConfiguration
  let global: [LimitRule]
  let api: [Function: [LimitRule]]
  /// In the order of the configuration, global ones first.
  let all: [LimitRule]
  let nextSerial: Int

  /// Limits that were in force before keep their counters.
  init(_ configuration: RateLimiterConfiguration, previous: RateLimitRules?) {
    self.configuration = configuration
    var serial = previous?.nextSerial ?? 0
    let known = Dictionary(uniqueKeysWithValues: (previous?.all ?? []).map { ($0.limit, $0) })
    func rule(_ limit: RateLimit) -> LimitRule {
      if let rule = known[limit] { return rule }
      serial += 1
      return LimitRule(limit, serial: serial)
    }
    global = configuration.globalLimits.map(rule)
    let apiRules = configuration.apiLimits.map(rule)
    var api: [Function: [LimitRule]] = [:]
    for rule in apiRules {
      guard case .api(let service, let requestType) = rule.limit.scope else { continue }
      api[Function(service: service, requestType: requestType), default: []].append(rule)
    }
    self.api = api
    all = global + apiRules
    nextSerial = serial
  }

  func rules(of scope: RateLimitScope) -> [LimitRule] {
    switch scope {
    case .global: global
    case .api(let service, let requestType):
      api[Function(service: service, requestType: requestType)] ?? []
    }
  }
}
