import Synchronization

/// A part of the tracked keys behind a lock of its own.
///
/// The lock is held for a few dictionary accesses, or for one slice of a sweep.
final class KeyShard: Sendable {
  struct Contents {
    let capacity: Int
    /// At the place of their limit; nil where a limit has no keys here.
    var tables: ContiguousArray<KeyTable?> = []
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

  /// Throws away the counters of a limit; returns how many keys it had.
  @discardableResult
  func dropTable(_ rule: LimitRule) -> Int {
    // Taken out under the lock and freed after it.
    let table = contents.withLock { contents -> KeyTable? in
      guard contents.hasTable(rule) else { return nil }
      let table = contents.tables[rule.place]
      contents.tables[rule.place] = nil
      contents.count -= table?.count ?? 0
      return table
    }
    return table?.count ?? 0
  }
}

extension KeyShard.Contents {
  /// Places are given to other limits once theirs is gone.
  func hasTable(_ rule: LimitRule) -> Bool {
    rule.place < tables.count && tables[rule.place]?.rule === rule
  }

  /// The whole check of a request that one limit applies to.
  mutating func admit(_ rule: LimitRule, _ key: HashedKey, now: Int64) -> KeyTable.Admission {
    hasTable(rule) ? tables[rule.place]!.admit(key, now: now) : .untracked
  }

  /// How many requests are counted; nil for a key that is not tracked.
  mutating func usage(_ rule: LimitRule, _ key: HashedKey, now: Int64)
    -> (slot: Int32, used: Int, resetMs: Int64)?
  {
    guard hasTable(rule), let slot = tables[rule.place]!.slot(of: key) else { return nil }
    let usage = tables[rule.place]!.usage(slot, now: now)
    return (slot, usage.used, usage.resetMs)
  }

  mutating func record(_ rule: LimitRule, _ key: HashedKey, slot: Int32?, now: Int64) {
    if let slot {
      if hasTable(rule) { tables[rule.place]!.record(slot, now: now) }
      return
    }
    // Read under the lock under which the counters of a retired limit are thrown away.
    if rule.retired.load(ordering: .relaxed) { return }
    // Keeps tables short without waiting for the sweep; two, so that they shrink faster than they grow.
    _ = removeExpired(rule, now: now, most: 2)
    if count >= capacity { makeRoom(now: now) }
    if !hasTable(rule) { makeTable(rule) }
    let slot = tables[rule.place]!.insert(key)
    count += 1
    tables[rule.place]!.record(slot, now: now)
  }

  private mutating func makeTable(_ rule: LimitRule) {
    while tables.count <= rule.place { tables.append(nil) }
    // That of a limit which is gone, when its end was not carried out here yet.
    count -= tables[rule.place]?.count ?? 0
    tables[rule.place] = KeyTable(rule)
  }

  mutating func reject(_ rule: LimitRule, slot: Int32) {
    if hasTable(rule) { tables[rule.place]!.reject(slot) }
  }

  mutating func remove(_ rule: LimitRule, _ key: HashedKey) -> Bool {
    guard hasTable(rule), let slot = tables[rule.place]!.slot(of: key) else { return false }
    tables[rule.place]!.remove(slot)
    count -= 1
    return true
  }

  mutating func removeExpired(_ rule: LimitRule, now: Int64, most: Int) -> Int {
    hasTable(rule) ? removeExpired(at: rule.place, now: now, most: most) : 0
  }

  private mutating func removeExpired(at place: Int, now: Int64, most: Int) -> Int {
    guard let removed = tables[place]?.removeExpired(now: now, most: most) else { return 0 }
    count -= removed
    cleaned += removed
    return removed
  }

  /// Removes an expired key, or else the longest unused one of the limit with most keys, so that a flood of
  /// made-up values pushes out its own kind first. Looks at every limit once.
  private mutating func makeRoom(now: Int64) {
    var fullest: (place: Int, count: Int)?
    for place in tables.indices {
      if removeExpired(at: place, now: now, most: 1) == 1 { return }
      let count = tables[place]?.count ?? 0
      if count > (fullest?.count ?? 0) { fullest = (place, count) }
    }
    guard let fullest, let oldest = tables[fullest.place]?.oldestSlot else { return }
    tables[fullest.place]!.remove(oldest.slot)
    count -= 1
    evicted += 1
  }
}
