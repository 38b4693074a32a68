import GenAPITelemetry
import GenAPIValue
import Locking

extension RateLimiter {
  // MARK: Keys

  /// Forgets the requests of one key value under the limits on that key in that scope; emits
  /// `rate_limiter.reset`. False when there was nothing to forget.
  @discardableResult
  public func reset(keyValue: ByteText, scope: RateLimitScope, key: RequestKey) -> Bool {
    let value = KeyValue.bounded(keyValue)
    let hashed = HashedKey(value)
    var found = false
    for rule in rules.rules(of: scope, key: key) {
      let removed = shards[shardIndex(hashed)].contents.withLock { $0.remove(rule.terms, hashed) }
      found = found || removed
    }
    bus.emit(.rateLimitReset(keyValue: value, scope: ByteText(scope.description), key: key.name))
    return found
  }

  /// How one key value stands under each limit on that key in that scope; counts nothing.
  public func status(keyValue: ByteText, scope: RateLimitScope, key: RequestKey) -> [RateLimitStatus] {
    let hashed = HashedKey(KeyValue.bounded(keyValue))
    let now = nowMs
    return rules.rules(of: scope, key: key).map { rule in
      let (used, resetMs, rejections) = shards[shardIndex(hashed)].contents.withLock {
        contents -> (Int, Int64, UInt32) in
        guard let usage = contents.usage(rule.terms, hashed, now: now) else { return (0, 0, 0) }
        let table = contents.tables[rule.terms.index]!
        return (usage.used, table.resetMs(usage.slot, now: now), table.rejections(of: usage.slot))
      }
      return RateLimitStatus(
        limit: rule.limit, currentRequests: used, remaining: max(0, rule.limit.maxRequests - used),
        resetMs: resetMs, rejections: Int64(rejections))
    }
  }

  /// Forgets every counted request.
  public func clear() {
    for rule in rules.all {
      eachShard { $0.forgetKeys(rule) }
    }
  }

  /// Key values counted now; expired ones that are not yet swept are among them.
  public var trackedKeys: Int {
    var sum = 0
    eachShard { sum += $0.contents.withLock { $0.count } }
    return sum
  }

  /// Keys pushed out before their time because `maxTrackedKeys` was reached.
  public var evictedKeys: Int64 {
    var sum: Int64 = 0
    eachShard { sum += $0.contents.withLock { $0.evicted } }
    return sum
  }

  // MARK: Limits

  /// Every limit in force, global ones first: those of the configuration, and those that endpoints declare.
  public var limits: [RateLimit] { rules.all.map(\.limit) }

  /// The settings that are in force. Limits that endpoints declare are not among them: they come and go with their endpoints.
  public var configuration: RateLimiterConfiguration { rules.configuration }

  /// Replaces all settings. Limits that stay keep their counters, also under another maximum or with another window.
  ///
  /// - Throws: `RateLimitError`; also for a new instance count or bound of keys, which are fixed at start.
  public func updateConfiguration(_ new: RateLimiterConfiguration) throws(RateLimitError) {
    try changeRules { configuration throws(RateLimitError) in
      if new.instanceCount != configuration.instanceCount {
        throw .invalidSetting(name: "instance_count", problem: "cannot change while the limiter runs")
      }
      if new.maxTrackedKeys != configuration.maxTrackedKeys {
        throw .invalidSetting(name: "max_tracked_keys", problem: "cannot change while the limiter runs")
      }
      configuration = new
    }
  }

  /// Replaces all global limits; those that stay keep their counts.
  public func setGlobalLimits(_ limits: [RateLimit]) throws(RateLimitError) {
    try changeRules { $0.globalLimits = limits }
  }

  /// Replaces all limits of single functions; those that stay keep their counts.
  public func setAPILimits(_ limits: [RateLimit]) throws(RateLimitError) {
    try changeRules { $0.apiLimits = limits }
  }

  /// Adds a limit to the list of its scope, at the end.
  ///
  /// - Throws: `RateLimitError.duplicateLimit` when there is one of the same scope, key and window.
  public func addLimit(_ limit: RateLimit) throws(RateLimitError) {
    try changeRules { $0.edit(limit.scope) { $0.append(limit) } }
  }

  /// Gives the limit of the same scope, key and window another maximum; what it has counted stays.
  ///
  /// - Throws: `RateLimitError.noSuchLimit`.
  public func updateLimit(_ limit: RateLimit) throws(RateLimitError) {
    let declared = declaredLimits
    try changeRules { configuration throws(RateLimitError) in
      var found = false
      configuration.edit(limit.scope) { limits in
        guard let index = limits.firstIndex(where: limit.replaces) else { return }
        limits[index] = limit
        found = true
      }
      if !found {
        throw Self.notStated(limit.scope, limit.key, declared) { limit.replaces($0) }
      }
    }
  }

  /// Removes the limits on a key in a scope: all, or the one of the given window.
  ///
  /// - Throws: `RateLimitError.noSuchLimit`.
  public func removeLimit(scope: RateLimitScope, key: RequestKey, window: Duration? = nil)
    throws(RateLimitError)
  {
    let declared = declaredLimits
    try changeRules { configuration throws(RateLimitError) in
      var removed = 0
      configuration.edit(scope) { limits in
        let before = limits.count
        limits.removeAll {
          $0.scope == scope && $0.key == key && (window == nil || $0.windowMs == window?.wholeMilliseconds)
        }
        removed = before - limits.count
      }
      if removed == 0 {
        throw Self.notStated(scope, key, declared) {
          $0.scope == scope && $0.key == key && (window == nil || $0.windowMs == window?.wholeMilliseconds)
        }
      }
    }
  }

  /// Not to be asked for while the limits change.
  private var declaredLimits: [RateLimit] { Array(rules.owned.values.joined()) }

  /// Why a limit that no operator stated is not changed by one.
  private static func notStated(
    _ scope: RateLimitScope, _ key: RequestKey, _ declared: [RateLimit], _ isMeant: (RateLimit) -> Bool
  ) -> RateLimitError {
    if let declared = declared.first(where: isMeant) { return .declared(declared.id) }
    return .noSuchLimit(scope: ByteText(scope.description), key: key.name)
  }
}

extension RateLimiterConfiguration {
  fileprivate mutating func edit(_ scope: RateLimitScope, _ change: (inout [RateLimit]) -> Void) {
    if scope == .global { change(&globalLimits) } else { change(&apiLimits) }
  }
}
