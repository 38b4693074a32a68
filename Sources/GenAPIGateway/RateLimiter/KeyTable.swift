/// The key values of one limit in one shard, longest unused last.
///
/// All have the same window, so the expired ones are always at the end of the list: removing them costs as
/// much as there are, and finding out that there are none costs one comparison.
struct KeyTable {
  struct Slot {
    var value: String
    var hash: UInt32
    var window = SlidingWindow()
    var rejections: UInt32 = 0
    var newer: Int32 = -1
    var older: Int32 = -1
    var isHot = false

    /// How many requests are counted now.
    mutating func used(now: Int64, _ terms: LimitTerms) -> Int {
      // A check on another thread may have read its time earlier and come later.
      window.expire(now: max(now, window.lastAt), windowMs: terms.windowMs)
      return window.used(batch: terms.batch)
    }

    /// Counts a request; how many are counted with it.
    mutating func record(now: Int64, _ terms: LimitTerms) -> Int {
      let used = used(now: now, terms)
      window.record(now: max(now, window.lastAt), batch: terms.batch)
      return used + 1
    }

    /// Milliseconds until the oldest counted request leaves the window.
    func resetMs(now: Int64, _ terms: LimitTerms) -> Int64 {
      window.resetMs(now: max(now, window.lastAt), windowMs: terms.windowMs)
    }
  }

  /// How a tracked key stands.
  struct Usage: Equatable {
    var slot: Int32
    var used: Int
  }

  /// Over all keys, those that are forgotten too.
  struct Counted {
    var checks: Int64 = 0
    var rejections: Int64 = 0
  }

  /// The hottest of each table are enough to find the hottest of all.
  static let hotKeys = 20

  let rule: LimitRule
  let terms: LimitTerms
  var counted: Counted
  private var index = KeyIndex()
  private var slots: ContiguousArray<Slot> = []
  private var free: [Int32] = []
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private var hot: [Int32] = []
  /// No hot key has fewer requests than this, when the list is full.
  private var hotFloor = 0

  init(_ rule: LimitRule, counted: Counted = Counted()) {
    self.rule = rule
    terms = rule.terms
    self.counted = counted
  }

  var count: Int { index.count }

  func slot(of key: HashedKey) -> Int32? {
    index.slot(key.hash) { slots[Int($0)].value == key.value }
  }

  mutating func usage(_ key: HashedKey, now: Int64) -> Usage? {
    slot(of: key).map { Usage(slot: $0, used: slots[Int($0)].used(now: now, terms)) }
  }

  func resetMs(_ slot: Int32, now: Int64) -> Int64 { slots[Int(slot)].resetMs(now: now, terms) }

  enum Admission {
    case admitted
    case refused(used: Int, resetMs: Int64)
  }

  /// Counts a request of a tracked key, or refuses it; nil for a key that is not tracked.
  mutating func admit(_ key: HashedKey, now: Int64) -> Admission? {
    guard let usage = usage(key, now: now) else { return nil }
    if usage.used >= terms.maxRequests {
      reject(usage.slot)
      return .refused(used: usage.used, resetMs: max(1, resetMs(usage.slot, now: now)))
    }
    record(usage.slot, now: now)
    return .admitted
  }

  mutating func reject(_ slot: Int32) {
    counted.rejections += 1
    if slots[Int(slot)].rejections < .max { slots[Int(slot)].rejections += 1 }
  }

  mutating func insert(_ key: HashedKey) -> Int32 {
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
      slots[Int(slot)] = Slot(value: key.value, hash: key.hash)
    } else {
      slot = Int32(slots.count)
      slots.append(Slot(value: key.value, hash: key.hash))
    }
    index.insert(key.hash, slot)
    link(slot)
    rule.trackedKeys.add(1, ordering: .relaxed)
    return slot
  }

  mutating func record(_ slot: Int32, now: Int64) {
    let used = slots[Int(slot)].record(now: now, terms)
    moveUp(slot)
    noteHot(slot, used: used, now: now)
  }

  mutating func remove(_ slot: Int32) {
    unlink(slot)
    if slots[Int(slot)].isHot { hot.removeAll { $0 == slot } }
    index.remove(slots[Int(slot)].hash, slot)
    slots[Int(slot)] = Slot(value: "", hash: 0)
    free.append(slot)
    rule.trackedKeys.subtract(1, ordering: .relaxed)
    if index.count == 0 { self = KeyTable(rule, counted: counted) }
  }

  /// The longest unused slot, and when it was last used.
  var oldestSlot: (slot: Int32, lastAt: Int64)? {
    oldest < 0 ? nil : (oldest, slots[Int(oldest)].window.lastAt)
  }

  func hasExpired(now: Int64) -> Bool {
    oldest >= 0 && now - slots[Int(oldest)].window.lastAt >= terms.windowMs
  }

  /// Removes up to `most` keys that have no request in their window; returns how many.
  mutating func removeExpired(now: Int64, most: Int) -> Int {
    var removed = 0
    while removed < most, hasExpired(now: now) {
      remove(oldest)
      removed += 1
    }
    return removed
  }

  // MARK: Hot keys

  /// At most `hotKeys` comparisons, and only for a key that is hotter than the coolest in the list was, by a
  /// sixteenth: where all keys are alike, not every request of every key looks for its place.
  private mutating func noteHot(_ slot: Int32, used: Int, now: Int64) {
    if slots[Int(slot)].isHot { return }
    if hot.count < Self.hotKeys {
      slots[Int(slot)].isHot = true
      hot.append(slot)
      hotFloor = 0
      return
    }
    if used <= hotFloor + hotFloor / 16 { return }
    var coolest = 0
    var coolestUsed = Int.max
    for position in hot.indices {
      let other = slots[Int(hot[position])].used(now: now, terms)
      if other < coolestUsed { (coolest, coolestUsed) = (position, other) }
    }
    hotFloor = coolestUsed
    if used <= coolestUsed { return }
    slots[Int(hot[coolest])].isHot = false
    slots[Int(slot)].isHot = true
    hot[coolest] = slot
  }

  /// The hottest keys and how they stand now.
  mutating func hottest(now: Int64) -> [(value: String, used: Int, resetMs: Int64, rejections: UInt32)] {
    var result: [(value: String, used: Int, resetMs: Int64, rejections: UInt32)] = []
    var kept: [Int32] = []
    for slot in hot {
      let used = slots[Int(slot)].used(now: now, terms)
      if used == 0 {
        slots[Int(slot)].isHot = false
      } else {
        kept.append(slot)
        result.append(
          (slots[Int(slot)].value, used, resetMs(slot, now: now), slots[Int(slot)].rejections))
      }
    }
    hot = kept
    hotFloor = hot.count < Self.hotKeys ? 0 : result.map(\.used).min() ?? 0
    return result
  }

  // MARK: The list

  private mutating func moveUp(_ slot: Int32) {
    if newest == slot { return }
    unlink(slot)
    link(slot)
  }

  private mutating func link(_ slot: Int32) {
    slots[Int(slot)].newer = -1
    slots[Int(slot)].older = newest
    if newest >= 0 { slots[Int(newest)].newer = slot }
    newest = slot
    if oldest < 0 { oldest = slot }
  }

  private mutating func unlink(_ slot: Int32) {
    let (newer, older) = (slots[Int(slot)].newer, slots[Int(slot)].older)
    if newer >= 0 { slots[Int(newer)].older = older } else { newest = older }
    if older >= 0 { slots[Int(older)].newer = newer } else { oldest = newer }
  }
}
