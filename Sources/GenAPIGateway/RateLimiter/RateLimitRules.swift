import GenAPITelemetry
import GenAPIValue
import Locking
import OrderedCollections

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

    /// A hash under the process's key is not hashed once more.
    func _rawHashValue(seed: Int) -> Int { identity.nameHash ^ seed }
  }

  let configuration: RateLimiterConfiguration
  /// Those that functions declare, by whose they are.
  let owned: [ConfigStore.Key: [RateLimit]]
  let isEnabled: Bool
  /// Global ones first, in the order of the configuration; those of one function stand together, in that order too.
  let all: [LimitRule]
  /// The same for a check: plain numbers.
  let terms: ContiguousArray<LimitTerms>
  let keys: ContiguousArray<RequestKey>
  let globalCount: Int
  private let api: [Function: Range<Int>]

  /// Limits that were in force before keep their counters, also those whose maximum changed. One with another window goes on with
  /// those of a limit that is gone and was on the same key in the same scope: a change of limits is no new allowance.
  convenience init(
    _ configuration: RateLimiterConfiguration, owned: [ConfigStore.Key: [RateLimit]] = [:],
    previous: RateLimitRules?
  ) {
    let before = previous?.all ?? []
    let limits = Self.merged(configuration, owned)
    let same = Dictionary(uniqueKeysWithValues: before.map { ($0.limit.withoutMaximum, $0) })
    let known = Self.heirs(of: before, same, among: limits).merging(same) { $1 }
    var taken = Set(limits.compactMap { known[$0.withoutMaximum]?.terms.index })
    var index = 0
    self.init(
      configuration, owned,
      all: limits.map { limit in
        if let rule = known[limit.withoutMaximum] {
          return rule.limit == limit ? rule : LimitRule(limit, after: rule)
        }
        while taken.contains(index) { index += 1 }
        taken.insert(index)
        return LimitRule(limit, index: index)
      })
  }

  /// For each new limit the one that is gone whose counters go on in it, on its key in its scope, each for one: those whose windows
  /// are nearest find each other first, whatever stands before them in the list.
  private static func heirs(
    of before: [LimitRule], _ same: [RateLimit: LimitRule], among limits: [RateLimit]
  ) -> [RateLimit: LimitRule] {
    let kept = Set(limits.map(\.withoutMaximum))
    let gone = before.filter { !kept.contains($0.limit.withoutMaximum) }
    if gone.isEmpty { return [:] }
    let new = limits.filter { same[$0.withoutMaximum] == nil }
    // Of two as near the stricter one: it is where a client could gain.
    func distance(_ limit: RateLimit, _ rule: LimitRule) -> (Int64, Int64, Int) {
      (abs(rule.limit.windowMs - limit.windowMs), -limit.windowMs, limit.maxRequests)
    }
    let ofKey = Dictionary(grouping: gone.indices) { Owner(gone[$0].limit) }
    let pairs = new.indices.flatMap { limit in
      (ofKey[Owner(new[limit])] ?? []).map {
        (limit: limit, rule: $0, distance: distance(new[limit], gone[$0]))
      }
    }
    var heirs: [RateLimit: LimitRule] = [:]
    var taken: Set<Int> = []
    for pair in pairs.sorted(by: { $0.distance < $1.distance }) {
      let limit = new[pair.limit].withoutMaximum
      guard heirs[limit] == nil, taken.insert(pair.rule).inserted else { continue }
      heirs[limit] = gone[pair.rule]
    }
    return heirs
  }

  /// Whose requests a limit counts.
  private struct Owner: Hashable {
    let scope: RateLimitScope
    let key: RequestKey

    init(_ limit: RateLimit) { (scope, key) = (limit.scope, limit.key) }
  }

  private init(
    _ configuration: RateLimiterConfiguration, _ owned: [ConfigStore.Key: [RateLimit]],
    all rules: [LimitRule]
  ) {
    self.configuration = configuration
    self.owned = owned
    isEnabled = configuration.enabled
    var all = rules.filter { $0.limit.scope == .global }
    globalCount = all.count
    var api: [Function: Range<Int>] = [:]
    for (scope, rules) in OrderedDictionary(grouping: rules, by: \.limit.scope) {
      guard case .api(let service, let requestType) = scope else { continue }
      let identity = FunctionIdentity(service: service, requestType: requestType)
      api[Function(identity: identity)] = all.count..<all.count + rules.count
      all += rules
    }
    self.all = all
    self.api = api
    terms = ContiguousArray(all.map(\.terms))
    keys = ContiguousArray(all.map(\.limit.key))
  }

  /// What several owners say of the same scope, key and window counts the same requests: it has one counter, and the lowest
  /// of their maxima.
  static func merged(_ configuration: RateLimiterConfiguration, _ owned: [ConfigStore.Key: [RateLimit]])
    -> [RateLimit]
  {
    let stated = configuration.globalLimits + configuration.apiLimits
    guard !owned.isEmpty else { return stated }
    var lowest: OrderedDictionary<RateLimit, RateLimit> = [:]
    let inOrder = owned.sorted { $0.key < $1.key }
    for limit in stated + inOrder.flatMap(\.value)
    where lowest[limit.withoutMaximum].map({ limit.maxRequests < $0.maxRequests }) ?? true {
      lowest[limit.withoutMaximum] = limit
    }
    return Array(lowest.values)
  }

  /// Of the first 64 limits those that some request had no key for: a bit each, so that telling it once costs no more.
  let lacking = Atomic<UInt64>(0)

  /// The same limits in memory of its own, for another slot: what a check copies is counted there.
  func copy() -> RateLimitRules { RateLimitRules(copying: self) }

  private init(copying other: RateLimitRules) {
    configuration = other.configuration
    owned = other.owned
    isEnabled = other.isEnabled
    globalCount = other.globalCount
    all = other.all.map { $0 }
    terms = ContiguousArray(other.terms.map { $0 })
    keys = ContiguousArray(other.keys.map { $0 })
    api = Dictionary(uniqueKeysWithValues: other.api.map { ($0.key, $0.value) })
  }

  /// Where in `all` the limits of one function are, the global ones not among them.
  func indices(of function: FunctionIdentity) -> Range<Int> {
    api.isEmpty ? 0..<0 : api[Function(identity: function)] ?? 0..<0
  }

  /// The limits on a key in a scope.
  func rules(of scope: RateLimitScope, key: RequestKey) -> [LimitRule] {
    all.filter { $0.limit.scope == scope && $0.limit.key == key }
  }
}
