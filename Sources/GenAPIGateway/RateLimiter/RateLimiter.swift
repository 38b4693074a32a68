import GenAPITelemetry
import GenAPIValue
import Locking
import Logging
import StripedSlots

/// Refuses requests that exceed their limits, before anything is called for them.
///
/// A check takes one short lock per limit that applies, and its cost does not depend on how many requests a
/// limit allows. The requests of a key value are counted as `SlidingWindow` says: exactly up to 128 requests
/// a window, above with an error under 1 %, always on the strict side. A tracked key takes some 150 bytes and
/// at most 800, plus its value where that is longer than 15 bytes.
public final class RateLimiter: Sendable {
  let bus: TelemetryBus
  let clock: any GatewayClock
  private let rulesInForce: RulesInForce
  private let logger: Logger
  let shards: PaddedValues<KeyShard>
  /// Held while limits change, until their counters have followed.
  private let changing = Mutex(())

  /// Shards an instance, so that a lock, and the growing of a table, concerns a small part of the keys.
  private static let shardsPerInstance = 16

  /// - Throws: `RateLimitError` naming the setting or limit that is wrong.
  public init(
    configuration: RateLimiterConfiguration, bus: TelemetryBus, clock: any GatewayClock,
    logger: Logger = Logger(label: "genapi.gateway")
  ) throws(RateLimitError) {
    try configuration.validate()
    self.logger = logger
    self.bus = bus
    self.clock = clock
    rulesInForce = RulesInForce(RateLimitRules(configuration, previous: nil))
    let instances = configuration.instanceCount ?? availableCores()
    let shardCount = min(instances * Self.shardsPerInstance, configuration.maxTrackedKeys)
    let capacity = configuration.maxTrackedKeys / shardCount
    shards = PaddedValues(shardCount) { _ in KeyShard(capacity: capacity) }
  }

  var rules: RateLimitRules { rulesInForce.current }
  var nowMs: Int64 { clock.monotonicNanoseconds() / 1_000_000 }

  // MARK: Checking

  /// Counts a request against every limit that applies to it, or against none when one of them refuses.
  ///
  /// Emits `rate_limiter.check`, and `rate_limiter.exceeded` when refused.
  /// - Parameter keys: the request's value of a key: `RequestKey.counted(of:)`. nil or "" means that limits on this key do
  ///   not apply. When it throws, the check has failed.
  public func check(_ context: RequestContext, keys: (RequestKey) throws -> ByteText?) -> RateLimitDecision {
    check(context, at: nil, keys: keys)
  }

  /// The same for who may have just read the time.
  func check(_ context: RequestContext, at now: TimeReading?, keys: (RequestKey) throws -> ByteText?)
    -> RateLimitDecision
  {
    rulesInForce.withCurrent { check(context, now, keys, $0) }
  }

  @inline(__always)
  private func check(
    _ context: RequestContext, _ now: TimeReading?, _ keys: (RequestKey) throws -> ByteText?,
    _ rules: RateLimitRules
  )
    -> RateLimitDecision
  {
    guard rules.isEnabled else { return .allowed }
    let reading = now ?? clock.now()
    let start = reading.monotonicNanoseconds
    let refusal: Refusal?
    do {
      refusal = try admit(rules, rules.indices(of: context.function), keys, now: start / 1_000_000)
    } catch {
      report(context, since: start, .error)
      return rules.configuration.failOpen ? .allowed : .unavailable
    }
    if let refusal { return refuse(context, refusal, rules, since: reading) }
    report(context, since: start, .ok)
    return .allowed
  }

  @inline(never)
  private func refuse(
    _ context: RequestContext, _ refusal: Refusal, _ rules: RateLimitRules, since start: TimeReading
  ) -> RateLimitDecision {
    let exceeded = exceeded(refusal, rules, context, at: start.wallMicroseconds)
    report(
      context, since: start.monotonicNanoseconds, .rateLimited, key: exceeded.key, scope: exceeded.scope)
    bus.emit(.rateLimiterExceeded, .rateLimitExceeded(exceeded))
    return .limited(exceeded)
  }

  /// Counts a request for one key value against the limits on that key in that scope. Emits nothing; the
  /// request in the answer is empty but for the function the scope names.
  public func check(keyValue: ByteText, scope: RateLimitScope, key: RequestKey) -> RateLimitDecision {
    rulesInForce.withCurrent { check(keyValue, scope, key, $0) }
  }

  private func check(
    _ keyValue: ByteText, _ scope: RateLimitScope, _ key: RequestKey, _ rules: RateLimitRules
  )
    -> RateLimitDecision
  {
    guard rules.isEnabled, !keyValue.isEmpty else { return .allowed }
    let function =
      switch scope {
      case .global: FunctionIdentity(service: "", requestType: "")
      case .api(let service, let requestType): FunctionIdentity(service: service, requestType: requestType)
      }
    let indices = scope == .global ? 0..<rules.globalCount : rules.indices(of: function)
    let hashed = HashedKey(KeyValue.bounded(keyValue))
    var candidates = Candidates()
    for position in indices where rules.keys[position] == key {
      candidates.append(Candidate(position: position, key: hashed))
    }
    guard let refusal = admit(&candidates, rules, now: nowMs) else { return .allowed }
    let context = RequestContext(requestID: "", function: function)
    return .limited(exceeded(refusal, rules, context, at: clock.wallMicroseconds()))
  }

  @inline(__always)
  private func admit(
    _ rules: RateLimitRules, _ ofFunction: Range<Int>, _ keys: (RequestKey) throws -> ByteText?, now: Int64
  ) throws -> Refusal? {
    // The usual number of limits.
    if rules.globalCount + ofFunction.count == 1 {
      let position = rules.globalCount == 1 ? 0 : ofFunction.lowerBound
      guard let candidate = try candidate(position, rules, keys) else { return nil }
      return admit(candidate, rules, now: now)
    }
    var candidates = Candidates()
    for position in 0..<rules.globalCount {
      if let candidate = try candidate(position, rules, keys) { candidates.append(candidate) }
    }
    for position in ofFunction {
      if let candidate = try candidate(position, rules, keys) { candidates.append(candidate) }
    }
    return admit(&candidates, rules, now: now)
  }

  /// nil when the limit does not apply.
  @inline(__always)
  private func candidate(_ position: Int, _ rules: RateLimitRules, _ keys: (RequestKey) throws -> ByteText?)
    throws
    -> Candidate?
  {
    guard let given = try keys(rules.keys[position]), !given.isEmpty else {
      let bit: UInt64 = position < 64 ? 1 << UInt64(position) : 0
      if rules.lacking.load(ordering: .relaxed) & bit == 0 { tellLack(position, bit, rules) }
      return nil
    }
    return Candidate(position: position, key: HashedKey(KeyValue.bounded(given)))
  }

  /// Says once of a limit that requests come which have nothing of its key: it does not hold for them.
  @inline(never)
  private func tellLack(_ position: Int, _ bit: UInt64, _ rules: RateLimitRules) {
    rules.lacking.bitwiseOr(bit, ordering: .relaxed)
    let rule = rules.all[position]
    guard !rule.isLackTold.load(ordering: .relaxed),
      !rule.isLackTold.exchange(true, ordering: .relaxed)
    else { return }
    logger.notice(
      "requests come without the key of a rate limit, which does not count them",
      metadata: [
        "limit": "\(rule.id.cut(bytes: TextLimit.text).shown)",
        "key": "\(rule.limit.key.name.cut(bytes: TextLimit.name).shown)",
      ])
  }

  /// All limits count one value in one shard.
  func shardIndex(_ key: HashedKey) -> Int { Int((UInt64(key.shard) &* UInt64(shards.count)) >> 32) }

  func eachShard(_ body: (borrowing KeyShard) -> Void) {
    for index in 0..<shards.count { body(shards[index]) }
  }

  /// - Parameter time: microseconds since the Unix epoch.
  private func exceeded(
    _ refusal: Refusal, _ rules: RateLimitRules, _ context: RequestContext, at time: Int64
  ) -> RateLimitExceeded {
    let rule = rules.all[refusal.position]
    rule.lastRejectionAt.store(time, ordering: .relaxed)
    return RateLimitExceeded(
      request: context, key: rule.limit.key.name, keyValue: refusal.value, scope: rule.scope,
      maxRequests: rule.limit.maxRequests, currentRequests: refusal.used, windowMs: rule.limit.windowMs,
      retryAfterMs: refusal.resetMs)
  }

  @inline(__always)
  private func report(
    _ context: RequestContext, since start: Int64, _ result: RateLimitCheck.Result, key: ByteText? = nil,
    scope: ByteText? = nil
  ) {
    guard bus.wants(.rateLimiterCheck) else { return bus.count(.rateLimiterCheck) }
    emit(context, since: start, result, key: key, scope: scope)
  }

  @inline(never)
  private func emit(
    _ context: RequestContext, since start: Int64, _ result: RateLimitCheck.Result, key: ByteText?,
    scope: ByteText?
  ) {
    let now = clock.now()
    bus.emit(
      .rateLimiterCheck, at: now,
      .rateLimitCheck(
        RateLimitCheck(
          request: context, durationUs: max(0, now.monotonicNanoseconds - start) / 1_000, result: result,
          key: key, scope: scope)))
  }

  /// Swaps the limits in force, takes the counters of those whose maximum or window changed along, and throws away those of limits
  /// that are gone.
  func changeRules(_ change: (inout RateLimiterConfiguration) throws(RateLimitError) -> Void)
    throws(RateLimitError)
  {
    try changeAll { configuration, _ throws(RateLimitError) in try change(&configuration) }
  }

  private func changeAll(
    _ change: (inout RateLimiterConfiguration, inout [ConfigStore.Key: [RateLimit]]) throws(RateLimitError) ->
      Void
  ) throws(RateLimitError) {
    try changing.withLock { _ throws(RateLimitError) in
      let (old, new) = try rulesInForce.change { previous throws(RateLimitError) in
        var configuration = previous.configuration
        var owned = previous.owned
        try change(&configuration, &owned)
        try configuration.validate()
        if !owned.isEmpty {
          try RateLimiterConfiguration.validate(RateLimitRules.merged(configuration, owned))
        }
        return RateLimitRules(configuration, owned: owned, previous: previous)
      }
      let kept = Set(new.all.map(ObjectIdentifier.init))
      let heirs = Dictionary(uniqueKeysWithValues: new.all.map { ($0.terms.serial, $0) })
      for rule in old.all where !kept.contains(ObjectIdentifier(rule)) {
        rule.retired.store(true, ordering: .relaxed)
        if let heir = heirs[rule.terms.serial] {
          eachShard { $0.handOver(to: heir) }
        } else {
          eachShard { $0.dropTable(rule) }
        }
      }
    }
  }

  /// Puts the limits that functions declare in the place of those they declared before; an empty list takes them away.
  /// Limits of others stay as they are, also where they agree in scope, key and window.
  func setOwned(_ limits: [ConfigStore.Key: [RateLimit]]) throws(RateLimitError) {
    let known = rules.owned
    if limits.allSatisfy({ known[$0.key] ?? [] == $0.value }) { return }
    try changeAll { _, owned throws(RateLimitError) in
      for (owner, limits) in limits { owned[owner] = limits.isEmpty ? nil : limits }
    }
  }
}
