import GenAPIValue

/// The key values of one limit in one shard, longest unused last.
///
/// All have the same window, so the expired ones are at the end of the list: removing them costs as much as there are,
/// and finding out that there are none costs one comparison. A key moves up in the list when it is used, but not again
/// within half a window: moving writes to its neighbours, which are in nobody's cache. So what has expired
/// is removed at most half a window late.
struct KeyTable {
  struct Slot {
    var value: ByteText
    var hash: UInt32
    /// When it moved up in the list, in milliseconds modulo 2^32.
    var movedAt: UInt32
    var window = SlidingWindow()
    var rejections: UInt32 = 0
    var newer: Int32 = -1
    var older: Int32 = -1
    var isHot = false

    /// How many requests are counted now.
    @inline(__always)
    mutating func used(now: Int64, _ terms: LimitTerms) -> Int {
      // A check on another thread may have read its time earlier and come later.
      window.expire(now: max(now, window.lastAt), windowMs: terms.windowMs)
      return window.used(batch: terms.batch)
    }

    /// Counts a request, after `used`.
    @inline(__always)
    mutating func record(now: Int64, _ terms: LimitTerms) {
      window.record(now: max(now, window.lastAt), batch: terms.batch)
    }

    mutating func reject() {
      if rejections < .max { rejections += 1 }
    }

    /// Milliseconds until the key is let in again, when it has reached its limit; otherwise until the oldest counted request
    /// leaves the window. Whoever tells when a key is free asks here.
    func resetMs(now: Int64, _ terms: LimitTerms) -> Int64 {
      window.resetMs(
        now: max(now, window.lastAt), windowMs: terms.windowMs, batch: terms.batch, most: terms.maxRequests)
    }
  }

  /// How a tracked key stands.
  struct Usage: Equatable {
    var slot: Int32
    var used: Int
  }

  /// Of the list of slots; -1 when there are none.
  private struct Ends {
    var newest: Int32 = -1
    var oldest: Int32 = -1
  }

  /// The hottest of each table are enough to find the hottest of all.
  static let hotKeys = 20

  private(set) var rule: LimitRule
  private(set) var terms: LimitTerms
  /// Over all keys, those that are forgotten too.
  private(set) var rejections: Int64
  private var index = KeyIndex()
  private var slots = KeySlots()
  private var free: [Int32] = []
  private var ends = Ends()
  private var hot: [Int32] = []
  /// No hot key has fewer requests than this, when the list is full.
  private var hotFloor = 0

  init(_ rule: LimitRule, rejections: Int64 = 0) {
    self.rule = rule
    terms = rule.terms
    self.rejections = rejections
  }

  var count: Int { index.count }

  /// The same limit has another maximum, or another window, from now on. What counts in the new window and was dropped from a shorter
  /// one before is not known any more.
  mutating func change(to new: LimitRule) {
    if rule === new { return }
    for slot in 0..<Int32(slots.count) where terms.batch != new.terms.batch {
      slots[slot].window.rebatch(from: terms.batch, to: new.terms.batch)
    }
    new.trackedKeys.add(count, ordering: .relaxed)
    rule = new
    terms = new.terms
  }

  @inline(__always)
  func slot(of key: HashedKey) -> Int32? {
    index.slot(key.hash) { slots[$0].value == key.value }
  }

  /// How the key stands; nil when it is not tracked.
  ///
  /// It changes nothing, and is `mutating` so that it is called in place: the compiler copies the whole table for another.
  mutating func usage(_ key: HashedKey, now: Int64) -> Usage? {
    slot(of: key).map { Usage(slot: $0, used: slots[$0].used(now: now, terms)) }
  }

  func rejections(of slot: Int32) -> UInt32 { slots[slot].rejections }

  func resetMs(_ slot: Int32, now: Int64) -> Int64 { slots[slot].resetMs(now: now, terms) }

  enum Admission {
    case admitted
    case refused(used: Int, resetMs: Int64)
  }

  /// Counts a request of a tracked key or its refusal; nil for a key that is not tracked.
  @inline(__always)
  mutating func admit(_ key: HashedKey, now: Int64) -> Admission? {
    slot(of: key).map { count($0, most: terms.maxRequests, now: now) }
  }

  /// Counts a request whatever the limit says.
  mutating func record(_ slot: Int32, now: Int64) { _ = count(slot, most: .max, now: now) }

  /// Counts a request, or a refusal where `most` are counted already.
  private mutating func count(_ slot: Int32, most: Int, now: Int64) -> Admission {
    let terms = self.terms
    let used = slots[slot].used(now: now, terms)
    if used >= most {
      slots[slot].reject()
      let resetMs = slots[slot].resetMs(now: now, terms)
      rejections += 1
      return .refused(used: used, resetMs: max(1, resetMs))
    }
    slots[slot].record(now: now, terms)
    moveUp(slot)
    if mayBeHot(used + 1, isHot: slots[slot].isHot) { noteHot(slot, used: used + 1, now: now) }
    return .admitted
  }

  mutating func reject(_ slot: Int32) {
    slots[slot].reject()
    rejections += 1
  }

  private static func time(_ now: Int64) -> UInt32 { UInt32(truncatingIfNeeded: now) }

  mutating func insert(_ key: HashedKey, now: Int64) -> Int32 {
    let slot: Int32
    let made = Slot(value: key.value, hash: key.hash, movedAt: Self.time(now))
    if let reused = free.popLast() {
      slot = reused
      slots[slot] = made
    } else {
      slot = Int32(slots.count)
      slots.append(made)
    }
    index.insert(key.hash, slot)
    link(slot)
    rule.trackedKeys.add(1, ordering: .relaxed)
    return slot
  }

  mutating func remove(_ slot: Int32) {
    unlink(slot)
    if slots[slot].isHot { hot.removeAll { $0 == slot } }
    index.remove(slots[slot].hash, slot)
    slots[slot] = Slot(value: "", hash: 0, movedAt: 0)
    free.append(slot)
    rule.trackedKeys.subtract(1, ordering: .relaxed)
    if index.count == 0 { self = KeyTable(rule, rejections: rejections) }
  }

  /// The longest unused slot, to make room. One that was used since it last moved up moves up now; after a few of
  /// those the next one has to go.
  mutating func oldestSlot() -> Int32? {
    if ends.oldest < 0 { return nil }
    for _ in 0..<8 {
      let slot = ends.oldest
      let lastAt = Self.time(slots[slot].window.lastAt)
      if slots[slot].movedAt == lastAt || ends.newest == slot { break }
      slots[slot].movedAt = lastAt
      unlink(slot)
      link(slot)
    }
    return ends.oldest
  }

  func hasExpired(now: Int64) -> Bool {
    ends.oldest >= 0 && now - slots[ends.oldest].window.lastAt >= terms.windowMs
  }

  /// Removes up to `most` keys that have no request in their window; returns how many.
  mutating func removeExpired(now: Int64, most: Int) -> Int {
    var removed = 0
    while removed < most, hasExpired(now: now) {
      remove(ends.oldest)
      removed += 1
    }
    return removed
  }

  // MARK: Hot keys

  /// Only a key that is hotter than the coolest in the list was, by a sixteenth: where all keys are alike, not every
  /// request of every key looks for its place.
  @inline(__always)
  private func mayBeHot(_ used: Int, isHot: Bool) -> Bool {
    !isHot && (used > hotFloor + hotFloor / 16 || hot.count < Self.hotKeys)
  }

  /// At most `hotKeys` comparisons.
  private mutating func noteHot(_ slot: Int32, used: Int, now: Int64) {
    if hot.count < Self.hotKeys {
      slots[slot].isHot = true
      hot.append(slot)
      hotFloor = 0
      return
    }
    var coolest = 0
    var coolestUsed = Int.max
    for position in hot.indices {
      let other = slots[hot[position]].used(now: now, terms)
      if other < coolestUsed { (coolest, coolestUsed) = (position, other) }
    }
    hotFloor = coolestUsed
    if used <= coolestUsed { return }
    slots[hot[coolest]].isHot = false
    slots[slot].isHot = true
    hot[coolest] = slot
  }

  /// The hottest keys and how they stand now.
  mutating func hottest(now: Int64) -> [(value: ByteText, used: Int, resetMs: Int64, rejections: UInt32)] {
    var result: [(value: ByteText, used: Int, resetMs: Int64, rejections: UInt32)] = []
    var kept: [Int32] = []
    for slot in hot {
      let used = slots[slot].used(now: now, terms)
      if used == 0 {
        slots[slot].isHot = false
      } else {
        kept.append(slot)
        result.append(
          (slots[slot].value, used, resetMs(slot, now: now), slots[slot].rejections))
      }
    }
    hot = kept
    hotFloor = hot.count < Self.hotKeys ? 0 : result.map(\.used).min() ?? 0
    return result
  }

  // MARK: The list

  /// After its use was recorded: the time of that is never before an earlier one, whatever clock readings came late.
  @inline(__always)
  private mutating func moveUp(_ slot: Int32) {
    let usedAt = Self.time(slots[slot].window.lastAt)
    if Int64(usedAt &- slots[slot].movedAt) * 2 < terms.windowMs { return }
    slots[slot].movedAt = usedAt
    if ends.newest == slot { return }
    unlink(slot)
    link(slot)
  }

  @inline(__always)
  private mutating func link(_ slot: Int32) {
    slots[slot].newer = -1
    slots[slot].older = ends.newest
    if ends.newest >= 0 { slots[ends.newest].newer = slot }
    ends.newest = slot
    if ends.oldest < 0 { ends.oldest = slot }
  }

  @inline(__always)
  private mutating func unlink(_ slot: Int32) {
    let (newer, older) = (slots[slot].newer, slots[slot].older)
    if newer >= 0 { slots[newer].older = older } else { ends.newest = older }
    if older >= 0 { slots[older].newer = newer } else { ends.oldest = newer }
  }
}
