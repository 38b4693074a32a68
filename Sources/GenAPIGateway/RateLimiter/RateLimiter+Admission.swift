import GenAPIValue

extension RateLimiter {
  /// A limit that applies to a request, and the key value it counts.
  struct Candidate {
    /// Its index in the list of limits: the first that is exceeded answers.
    let position: Int
    let key: HashedKey
    var slot: Int32?

    @inline(__always)
    init(position: Int, key: HashedKey) {
      self.position = position
      self.key = key
    }
  }

  /// The limits that apply to one request. Up to two need no memory of their own.
  struct Candidates {
    private(set) var first: Candidate?
    private(set) var second: Candidate?
    /// All of them, when there are more than two.
    var several: [Candidate] = []

    @inline(__always)
    mutating func append(_ candidate: Candidate) {
      guard let first else { return first = candidate }
      guard let second else { return second = candidate }
      if several.isEmpty { several = [first, second] }
      several.append(candidate)
    }
  }

  /// Four words, which functions answer in registers: with one more a refusal costs 9 ns of 116 more.
  struct Refusal {
    /// The value that is counted.
    let value: ByteText
    let used: Int
    private let index: Int32
    /// A window has less than 2^31 milliseconds.
    private let milliseconds: Int32

    init(_ candidate: Candidate, used: Int, resetMs: Int64) {
      value = candidate.key.value
      self.used = used
      index = Int32(truncatingIfNeeded: candidate.position)
      milliseconds = Int32(clamping: resetMs)
    }

    /// Which limit.
    var position: Int { Int(index) }
    var resetMs: Int64 { Int64(milliseconds) }
  }

  /// Counts the request against all candidates or none; answers the first limit that is exceeded.
  ///
  /// The shards are locked in ascending order, so two checks cannot wait for each other, and all are held
  /// while the request is counted, so no other check sees half of it.
  func admit(_ candidates: inout Candidates, _ rules: RateLimitRules, now: Int64) -> Refusal? {
    guard let first = candidates.first else { return nil }
    guard let second = candidates.second else { return admit(first, rules, now: now) }
    if candidates.several.isEmpty { return admit(first, second, rules, now: now) }
    var refusal: Refusal?
    candidates.several.sort { (shardIndex($0.key), $0.position) < (shardIndex($1.key), $1.position) }
    _ = admit(&candidates.several, from: 0, rules, now: now, &refusal)
    return refusal
  }

  /// One limit: one lock and one look at the table.
  @inline(__always)
  func admit(_ candidate: Candidate, _ rules: RateLimitRules, now: Int64) -> Refusal? {
    let shard = shardIndex(candidate.key)
    switch shards[shard].contents.withLock({ $0.admit(candidate, rules, now: now) }) {
    case .admitted: return nil
    case .refused(let used, let resetMs):
      return Refusal(candidate, used: used, resetMs: resetMs)
    }
  }

  /// Two limits, of a user and of a function say: two locks at most.
  private func admit(_ one: Candidate, _ two: Candidate, _ rules: RateLimitRules, now: Int64) -> Refusal? {
    let (shardOfOne, shardOfTwo) = (shardIndex(one.key), shardIndex(two.key))
    if shardOfOne == shardOfTwo {
      return shards[shardOfOne].contents.withLock { contents in
        let used = (contents.look(one, rules, now: now), contents.look(two, rules, now: now))
        if let refusal = contents.refusal(one, used.0, rules, now: now) { return refusal }
        if let refusal = contents.refusal(two, used.1, rules, now: now) { return refusal }
        // One that is tracked first: making room for a new key may move others out.
        if used.0 == nil {
          contents.record(two, slot: used.1?.slot, rules, now: now)
          contents.record(one, slot: nil, rules, now: now)
        } else {
          contents.record(one, slot: used.0?.slot, rules, now: now)
          contents.record(two, slot: used.1?.slot, rules, now: now)
        }
        return nil
      }
    }
    let (low, high) = shardOfOne < shardOfTwo ? (one, two) : (two, one)
    return shards[min(shardOfOne, shardOfTwo)].contents.withLock { lower in
      let usedLow = lower.look(low, rules, now: now)
      let lowIsFirst = low.position < high.position
      let mayRefuse = (usedLow?.used ?? 0) >= rules.terms[low.position].maxRequests
      let answer = shards[max(shardOfOne, shardOfTwo)].contents.withLock { higher -> Answer in
        let usedHigh = higher.look(high, rules, now: now)
        if mayRefuse && lowIsFirst { return .elsewhere }
        if let refusal = higher.refusal(high, usedHigh, rules, now: now) { return .refused(refusal) }
        if mayRefuse { return .elsewhere }
        higher.record(high, slot: usedHigh?.slot, rules, now: now)
        return .admitted
      }
      switch answer {
      case .refused(let refusal): return refusal
      case .elsewhere: return lower.refusal(low, usedLow, rules, now: now)
      case .admitted:
        lower.record(low, slot: usedLow?.slot, rules, now: now)
        return nil
      }
    }
  }

  private enum Answer {
    case admitted
    case refused(Refusal)
    /// The limit in the other shard refuses.
    case elsewhere
  }

  /// True when every limit from `first` on, and every one before, lets the request through.
  /// As deep as there are shards to lock, at most 128.
  private func admit(
    _ candidates: inout [Candidate], from first: Int, _ rules: RateLimitRules, now: Int64,
    _ refusal: inout Refusal?
  ) -> Bool {
    guard first < candidates.count else { return refusal == nil }
    let shard = shardIndex(candidates[first].key)
    var end = first
    while end < candidates.count, shardIndex(candidates[end].key) == shard { end += 1 }
    return shards[shard].contents.withLock { contents in
      for index in first..<end {
        guard let usage = contents.look(candidates[index], rules, now: now) else { continue }
        candidates[index].slot = usage.slot
        guard usage.used >= rules.terms[candidates[index].position].maxRequests else { continue }
        if candidates[index].position < refusal?.position ?? .max {
          let resetMs = contents.resetMs(rules.terms[candidates[index].position], slot: usage.slot, now: now)
          refusal = Refusal(candidates[index], used: usage.used, resetMs: resetMs)
        }
      }
      let admitted = admit(&candidates, from: end, rules, now: now, &refusal)
      if admitted {
        // Those that are tracked first: making room for a new key may move others out.
        for index in first..<end where candidates[index].slot != nil {
          contents.record(candidates[index], slot: candidates[index].slot, rules, now: now)
        }
        for index in first..<end where candidates[index].slot == nil {
          contents.record(candidates[index], slot: nil, rules, now: now)
        }
      } else if let position = refusal?.position,
        let slot = candidates[first..<end].first(where: { $0.position == position })?.slot
      {
        contents.reject(rules.terms[position], slot: slot)
      }
      return admitted
    }
  }
}
