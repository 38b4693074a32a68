import Synchronization

/// A part of the tracked keys behind a lock of its own.
///
/// The lock is held for a few dictionary accesses, or for one slice of a sweep.
final class KeyShard: Sendable {
  struct Contents {
    let capacity: Int
    var tables: [Int: KeyTable] = [:]
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
    while contents.withLock({ $0.removeExpired(rule.serial, now: now, most: Self.slice) }) == Self.slice {}
  }

  /// Throws away the counters of a limit; returns how many keys it had.
  @discardableResult
  func dropTable(_ serial: Int) -> Int {
    // Taken out under the lock and freed after it.
    let table = contents.withLock { contents in
      let table = contents.tables.removeValue(forKey: serial)
      contents.count -= table?.count ?? 0
      return table
    }
    return table?.count ?? 0
  }
}

extension KeyShard.Contents {
  /// How many requests are counted; nil for a key that is not tracked.
  mutating func usage(_ rule: LimitRule, _ value: String, now: Int64)
    -> (slot: Int32, used: Int, resetMs: Int64)?
  {
    guard let slot = tables[rule.serial]?.slot(of: value),
      let usage = tables[rule.serial]?.usage(slot, now: now)
    else { return nil }
    return (slot, usage.used, usage.resetMs)
  }

  mutating func record(_ rule: LimitRule, _ value: String, slot: Int32?, now: Int64) {
    if let slot {
      tables[rule.serial]?.record(slot, now: now)
      return
    }
    // Read under the lock under which the counters of a retired limit are thrown away.
    if rule.retired.load(ordering: .relaxed) { return }
    // Keeps tables short without waiting for the sweep; two, so that they shrink faster than they grow.
    _ = removeExpired(rule.serial, now: now, most: 2)
    if count >= capacity { makeRoom(now: now) }
    if tables[rule.serial] == nil { tables[rule.serial] = KeyTable(rule) }
    if let slot = tables[rule.serial]?.insert(value) {
      count += 1
      tables[rule.serial]?.record(slot, now: now)
    }
  }

  mutating func reject(_ rule: LimitRule, slot: Int32) { tables[rule.serial]?.reject(slot) }

  mutating func remove(_ rule: LimitRule, _ value: String) -> Bool {
    guard let slot = tables[rule.serial]?.slot(of: value) else { return false }
    tables[rule.serial]?.remove(slot)
    count -= 1
    return true
  }

  mutating func removeExpired(_ serial: Int, now: Int64, most: Int) -> Int {
    guard let removed = tables[serial]?.removeExpired(now: now, most: most) else { return 0 }
    count -= removed
    cleaned += removed
    return removed
  }

  /// Removes an expired key, or else the longest unused one of the limit with most keys, so that a flood of
  /// made-up values pushes out its own kind first. Looks at every limit once.
  private mutating func makeRoom(now: Int64) {
    var fullest: (serial: Int, count: Int)?
    // A copy of the keys: iterating the dictionary itself would copy every table that is changed meanwhile.
    for serial in Array(tables.keys) {
      if removeExpired(serial, now: now, most: 1) == 1 { return }
      let count = tables[serial]?.count ?? 0
      if count > (fullest?.count ?? 0) { fullest = (serial, count) }
    }
    guard let fullest, let oldest = tables[fullest.serial]?.oldestSlot else { return }
    tables[fullest.serial]?.remove(oldest.slot)
    count -= 1
    evicted += 1
  }
}
