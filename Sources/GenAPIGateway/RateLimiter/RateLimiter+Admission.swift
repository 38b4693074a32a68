extension RateLimiter {
  /// A limit that applies to a request, and the key value it counts.
  struct Candidate {
    let rule: LimitRule
    let key: HashedKey
    /// Its place in the list of limits: the first that is exceeded answers.
    let order: Int
    let shard: Int
    var slot: Int32?
  }

  /// The limits that apply to one request. The usual one needs no memory of its own.
  struct Candidates {
    private(set) var count = 0
    private(set) var first: Candidate?
    /// All of them, when there is more than one.
    var several: [Candidate] = []

    mutating func append(_ candidate: Candidate) {
      count += 1
      switch count {
      case 1: first = candidate
      case 2:
        several.reserveCapacity(4)
        several.append(first!)
        several.append(candidate)
      default: several.append(candidate)
      }
    }

    /// By shard, then by order.
    mutating func sort() {
      if several.count == 2 {
        if several[0].shard > several[1].shard { several.swapAt(0, 1) }
      } else {
        several.sort { ($0.shard, $0.order) < ($1.shard, $1.order) }
      }
    }
  }

  struct Refusal {
    var candidate: Candidate
    var used: Int
    var resetMs: Int64
  }

  /// Counts the request against all candidates or none; answers the first limit that is exceeded.
  ///
  /// The shards are locked in ascending order, so two checks cannot wait for each other, and all are held
  /// while the request is counted, so no other check sees half of it.
  func admit(_ candidates: inout Candidates, now: Int64) -> Refusal? {
    var refusal: Refusal?
    if candidates.count == 1, let candidate = candidates.first {
      candidate.rule.checks.add(1, ordering: .relaxed)
      refusal = admit(candidate, now: now)
    } else if candidates.count > 1 {
      for index in candidates.several.indices {
        candidates.several[index].rule.checks.add(1, ordering: .relaxed)
      }
      candidates.sort()
      _ = admit(&candidates.several, from: 0, now: now, &refusal)
    }
    if let refusal { refusal.candidate.rule.rejections.add(1, ordering: .relaxed) }
    return refusal
  }

  /// The same for the usual case, with one lock and one look at the table.
  private func admit(_ candidate: Candidate, now: Int64) -> Refusal? {
    shards[candidate.shard].contents.withLock { contents in
      switch contents.admit(candidate.rule, candidate.key, now: now) {
      case .admitted:
        return nil
      case .untracked:
        contents.record(candidate.rule, candidate.key, slot: nil, now: now)
        return nil
      case .refused(let slot, let used, let resetMs):
        var refused = candidate
        refused.slot = slot
        return Refusal(candidate: refused, used: used, resetMs: max(1, resetMs))
      }
    }
  }

  /// True when every limit from `first` on, and every one before, lets the request through.
  /// As deep as there are shards to lock, at most 128.
  private func admit(
    _ candidates: inout [Candidate], from first: Int, now: Int64, _ refusal: inout Refusal?
  ) -> Bool {
    guard first < candidates.count else { return refusal == nil }
    let shard = candidates[first].shard
    var end = first
    while end < candidates.count, candidates[end].shard == shard { end += 1 }
    return shards[shard].contents.withLock { contents in
      for index in first..<end {
        guard let usage = contents.usage(candidates[index].rule, candidates[index].key, now: now) else {
          continue
        }
        candidates[index].slot = usage.slot
        guard usage.used >= candidates[index].rule.maxRequests else { continue }
        if candidates[index].order < refusal?.candidate.order ?? .max {
          refusal = Refusal(candidate: candidates[index], used: usage.used, resetMs: max(1, usage.resetMs))
        }
      }
      let admitted = admit(&candidates, from: end, now: now, &refusal)
      if admitted {
        // Those that are tracked first: making room for a new key may move others out.
        for index in first..<end where candidates[index].slot != nil {
          contents.record(
            candidates[index].rule, candidates[index].key, slot: candidates[index].slot, now: now)
        }
        for index in first..<end where candidates[index].slot == nil {
          contents.record(candidates[index].rule, candidates[index].key, slot: nil, now: now)
        }
      } else if let refused = refusal?.candidate, refused.shard == shard, let slot = refused.slot {
        contents.reject(refused.rule, slot: slot)
      }
      return admitted
    }
  }
}
