import GenAPITelemetry
import Synchronization

/// Refuses requests that exceed their limits, before anything is called for them.
///
/// A check takes one short lock per limit that applies, and its cost does not depend on how many requests a
/// limit allows. The requests of a key value are counted as `SlidingWindow` says: exactly up to 128 requests
/// a window, above with an error under 1 %, always on the strict side. A tracked key takes some 150 bytes and
/// at most 800, plus its value where that is longer than 15 bytes.
public final class RateLimiter: Sendable {
  let bus: TelemetryBus
  let clock: any GatewayClock
  private let rulesInForce: Mutex<RateLimitRules>
  let shards: [KeyShard]

  /// Shards an instance, so that a lock, and the growing of a table, concerns a small part of the keys.
  private static let shardsPerInstance = 16

  /// - Throws: `RateLimitError` naming the setting or limit that is wrong.
  public init(configuration: RateLimiterConfiguration, bus: TelemetryBus, clock: any GatewayClock)
    throws(RateLimitError)
  {
    try configuration.validate()
    self.bus = bus
    self.clock = clock
    rulesInForce = Mutex(RateLimitRules(configuration, previous: nil))
    let instances = configuration.instanceCount ?? availableCores()
    let shardCount = min(instances * Self.shardsPerInstance, configuration.maxTrackedKeys)
    let capacity = configuration.maxTrackedKeys / shardCount
    shards = (0..<shardCount).map { _ in KeyShard(capacity: capacity) }
  }

  var rules: RateLimitRules { rulesInForce.withLock { $0 } }
  var nowMs: Int64 { clock.monotonicNanoseconds() / 1_000_000 }

  // MARK: Checking

  /// Counts a request against every limit that applies to it, or against none when one of them refuses.
  ///
  /// Emits `rate_limiter.check`, and `rate_limiter.exceeded` when refused.
  /// - Parameter keys: the request's value of a kind of key: user_id, device_id, ip_address or an argument's
  ///   name. nil or "" means that limits on this key do not apply. When it throws, the check has failed.
  public func check(_ context: RequestContext, keys: (String) throws -> String?) -> RateLimitDecision {
    let rules = self.rules
    guard rules.isEnabled else { return .allowed }
    let start = clock.monotonicNanoseconds()
    var candidates = Candidates()
    do {
      for rule in rules.global { try add(rule, keys, &candidates) }
      for rule in rules.rules(of: context.function) { try add(rule, keys, &candidates) }
    } catch {
      report(context, since: start, .error)
      return rules.configuration.failOpen ? .allowed : .unavailable
    }
    guard let refusal = admit(&candidates, now: start / 1_000_000) else {
      report(context, since: start, .ok)
      return .allowed
    }
    let exceeded = exceeded(refusal, context)
    report(context, since: start, .rateLimited, key: exceeded.key, scope: exceeded.scope)
    bus.emit(.rateLimitExceeded(exceeded))
    return .limited(exceeded)
  }

  /// Counts a request for one key value against the limits on that key in that scope. Emits nothing; the
  /// request in the answer is empty but for the function the scope names.
  public func check(keyValue: String, scope: RateLimitScope, key: String) -> RateLimitDecision {
    let rules = self.rules
    guard rules.isEnabled, !keyValue.isEmpty else { return .allowed }
    let hashed = HashedKey(KeyValue.bounded(keyValue))
    var candidates = Candidates()
    for rule in rules.rules(of: scope) where rule.limit.key == key {
      candidates.append(
        Candidate(rule: rule, key: hashed, order: candidates.count, shard: shardIndex(hashed)))
    }
    guard let refusal = admit(&candidates, now: nowMs) else { return .allowed }
    let function =
      switch scope {
      case .global: FunctionIdentity(service: "", requestType: "")
      case .api(let service, let requestType): FunctionIdentity(service: service, requestType: requestType)
      }
    return .limited(exceeded(refusal, RequestContext(requestID: "", function: function)))
  }

  private func add(
    _ rule: LimitRule, _ keys: (String) throws -> String?, _ candidates: inout Candidates
  ) throws {
    guard let given = try keys(rule.limit.key), !given.isEmpty else { return }
    let key = HashedKey(KeyValue.bounded(given))
    candidates.append(Candidate(rule: rule, key: key, order: candidates.count, shard: shardIndex(key)))
  }

  /// All limits count one value in one shard.
  func shardIndex(_ key: HashedKey) -> Int { Int(key.shard) % shards.count }

  private func exceeded(_ refusal: Refusal, _ context: RequestContext) -> RateLimitExceeded {
    let rule = refusal.candidate.rule
    rule.lastRejectionAt.store(clock.wallMicroseconds(), ordering: .relaxed)
    return RateLimitExceeded(
      request: context, key: rule.limit.key, keyValue: refusal.candidate.key.value, scope: rule.scope,
      maxRequests: rule.limit.maxRequests, currentRequests: refusal.used, windowMs: rule.limit.windowMs,
      retryAfterMs: refusal.resetMs)
  }

  private func report(
    _ context: RequestContext, since start: Int64, _ result: RateLimitCheck.Result, key: String? = nil,
    scope: String? = nil
  ) {
    guard bus.wants(.rateLimiterCheck) else { return }
    let now = clock.now()
    bus.emit(
      at: now,
      .rateLimitCheck(
        RateLimitCheck(
          request: context, durationUs: max(0, now.monotonicNanoseconds - start) / 1_000, result: result,
          key: key, scope: scope)))
  }

  /// Swaps the limits in force, and throws away the counters of those that are gone.
  func changeRules(_ change: (inout RateLimiterConfiguration) throws(RateLimitError) -> Void)
    throws(RateLimitError)
  {
    let removed = try rulesInForce.withLock { rules throws(RateLimitError) -> [LimitRule] in
      var configuration = rules.configuration
      try change(&configuration)
      try configuration.validate()
      let previous = rules
      rules = RateLimitRules(configuration, previous: previous)
      let kept = Set(rules.all.map(ObjectIdentifier.init))
      return previous.all.filter { !kept.contains(ObjectIdentifier($0)) }
    }
    for rule in removed {
      rule.retired.store(true, ordering: .relaxed)
      for shard in shards { shard.dropTable(rule) }
    }
  }
}
