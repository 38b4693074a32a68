import Locking

/// A part of the tracked keys behind a lock of its own.
///
/// The lock is held for a few dictionary accesses, or for one slice of a sweep.
struct KeyShard: ~Copyable, Sendable {
  struct Contents {
    /// Checks of each limit, over all keys.
    var checks = IndexedCounts()
    /// At the index of their limit; nil where a limit has no keys here.
    var tables: ContiguousArray<KeyTable?> = []
    let capacity: Int
    var count = 0
    var evicted: Int64 = 0
    /// Expired keys removed since the last sweep reported.
    var cleaned = 0
  }

  let contents: Mutex<Contents>

  init(capacity: Int) { contents = Mutex(Contents(capacity: capacity)) }

  /// Keys removed in one hold of the lock: some 50 µs.
  static let slice = 256

  /// Removes the expired keys of one limit, a slice at a time.
  func removeExpired(_ rule: LimitRule, now: Int64) {
    while contents.withLock({ $0.removeExpired(rule, now: now, most: Self.slice) }) == Self.slice {}
  }

  /// What a limit has counted goes on under another maximum.
  func handOver(to rule: LimitRule) {
    contents.withLock { contents in
      if contents.hasTable(rule.terms) { contents.tables[rule.terms.index]!.change(to: rule) }
    }
  }

  /// Throws away the counters of a limit that is gone.
  func dropTable(_ rule: LimitRule) {
    // Taken out under the lock and freed after it.
    _ = contents.withLock { $0.takeTable(rule.terms) }
  }

  /// Forgets the keys of a limit; what it counted over all of them stays.
  func forgetKeys(_ rule: LimitRule) {
    let table = contents.withLock { contents -> KeyTable? in
      guard let table = contents.takeTable(rule.terms) else { return nil }
      contents.tables[rule.terms.index] = KeyTable(rule, rejections: table.rejections)
      return table
    }
    rule.trackedKeys.subtract(table?.count ?? 0, ordering: .relaxed)
  }
}

extension KeyShard.Contents {
  /// Indices are given to other limits once theirs is gone.
  @inline(__always)
  func hasTable(_ terms: LimitTerms) -> Bool {
    terms.index < tables.count && tables[terms.index]?.terms.serial == terms.serial
  }

  /// Makes room for the keys of a limit; false when it is gone meanwhile.
  private mutating func makeTable(_ candidate: RateLimiter.Candidate, _ rules: RateLimitRules) -> Bool {
    let rule = rules.all[candidate.position]
    // Read under the lock under which the counters of a retired limit are thrown away.
    if rule.retired.load(ordering: .relaxed) { return false }
    makeTable(rule)
    return true
  }

  /// The whole check of a request that one limit applies to.
  @inline(__always)
  mutating func admit(_ candidate: RateLimiter.Candidate, _ rules: RateLimitRules, now: Int64)
    -> KeyTable.Admission
  {
    let terms = rules.terms[candidate.position]
    guard hasTable(terms) || makeTable(candidate, rules) else { return .admitted }
    checks[terms.index] += 1
    if let admission = tables[terms.index]!.admit(candidate.key, now: now) { return admission }
    record(candidate, slot: nil, rules, now: now)
    return .admitted
  }

  /// Counts a check, and tells how many requests are counted; nil for a key that is not tracked.
  mutating func look(_ candidate: RateLimiter.Candidate, _ rules: RateLimitRules, now: Int64)
    -> KeyTable.Usage?
  {
    let terms = rules.terms[candidate.position]
    guard hasTable(terms) || makeTable(candidate, rules) else { return nil }
    checks[terms.index] += 1
    return tables[terms.index]!.usage(candidate.key, now: now)
  }

  /// What a limit says that was looked at; counts a refusal.
  mutating func refusal(
    _ candidate: RateLimiter.Candidate, _ usage: KeyTable.Usage?, _ rules: RateLimitRules, now: Int64
  ) -> RateLimiter.Refusal? {
    let terms = rules.terms[candidate.position]
    guard let usage, usage.used >= terms.maxRequests else { return nil }
    reject(terms, slot: usage.slot)
    return RateLimiter.Refusal(
      candidate, used: usage.used, resetMs: resetMs(terms, slot: usage.slot, now: now))
  }

  /// How many requests are counted; nil for a key that is not tracked.
  mutating func usage(_ terms: LimitTerms, _ key: HashedKey, now: Int64) -> KeyTable.Usage? {
    hasTable(terms) ? tables[terms.index]!.usage(key, now: now) : nil
  }

  /// Milliseconds until a refused key has room, at least 1.
  mutating func resetMs(_ terms: LimitTerms, slot: Int32, now: Int64) -> Int64 {
    hasTable(terms) ? max(1, tables[terms.index]!.resetMs(slot, now: now)) : 1
  }

  func counted(_ terms: LimitTerms) -> (checks: Int64, rejections: Int64) {
    hasTable(terms) ? (checks[terms.index], tables[terms.index]!.rejections) : (0, 0)
  }

  mutating func record(
    _ candidate: RateLimiter.Candidate, slot: Int32?, _ rules: RateLimitRules, now: Int64
  ) {
    let terms = rules.terms[candidate.position]
    let index = terms.index
    guard hasTable(terms) else { return }
    if let slot {
      tables[index]!.record(slot, now: now)
      return
    }
    // Keeps tables short without waiting for the sweep; two, so that they shrink faster than they grow.
    _ = removeExpired(at: index, now: now, most: 2)
    if count >= capacity { makeRoom(now: now) }
    let slot = tables[index]!.insert(candidate.key, now: now)
    count += 1
    tables[index]!.record(slot, now: now)
  }

  private mutating func makeTable(_ rule: LimitRule) {
    while tables.count <= rule.terms.index { tables.append(nil) }
    // That of a limit which is gone, when its end was not carried out here yet.
    count -= tables[rule.terms.index]?.count ?? 0
    tables[rule.terms.index] = KeyTable(rule)
    checks[rule.terms.index] = 0
  }

  mutating func takeTable(_ terms: LimitTerms) -> KeyTable? {
    guard hasTable(terms) else { return nil }
    let table = tables[terms.index]
    tables[terms.index] = nil
    count -= table?.count ?? 0
    return table
  }

  mutating func reject(_ terms: LimitTerms, slot: Int32) {
    if hasTable(terms) { tables[terms.index]!.reject(slot) }
  }

  mutating func remove(_ terms: LimitTerms, _ key: HashedKey) -> Bool {
    guard hasTable(terms), let slot = tables[terms.index]!.slot(of: key) else { return false }
    tables[terms.index]!.remove(slot)
    count -= 1
    return true
  }

  mutating func removeExpired(_ rule: LimitRule, now: Int64, most: Int) -> Int {
    hasTable(rule.terms) ? removeExpired(at: rule.terms.index, now: now, most: most) : 0
  }

  private mutating func removeExpired(at index: Int, now: Int64, most: Int) -> Int {
    guard let removed = tables[index]?.removeExpired(now: now, most: most) else { return 0 }
    count -= removed
    cleaned += removed
    return removed
  }

  /// Removes an expired key, or else the longest unused one of the limit with most keys, so that a flood of
  /// made-up values pushes out its own kind first. Looks at every limit once.
  private mutating func makeRoom(now: Int64) {
    var fullest: (index: Int, count: Int)?
    for index in tables.indices {
      if removeExpired(at: index, now: now, most: 1) == 1 { return }
      let count = tables[index]?.count ?? 0
      if count > (fullest?.count ?? 0) { fullest = (index, count) }
    }
    guard let fullest, let oldest = tables[fullest.index]?.oldestSlot() else { return }
    tables[fullest.index]!.remove(oldest)
    count -= 1
    evicted += 1
  }
}
