extension RateLimiter {
  /// A limit that applies to a request, and the key value it counts.
  struct Candidate {
    let rule: LimitRule
    let value: String
    /// Its place in the list of limits: the first that is exceeded answers.
    let order: Int
    let shard: Int
    var slot: Int32?
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
  func admit(_ candidates: inout [Candidate]) -> Refusal? {
    for candidate in candidates { candidate.rule.checks.add(1, ordering: .relaxed) }
    var refusal: Refusal?
    switch candidates.count {
    case 0: return nil
    case 1: refusal = admit(candidates[0], now: nowMs)
    default:
      candidates.sort { ($0.shard, $0.order) < ($1.shard, $1.order) }
      _ = admit(&candidates, from: 0, now: nowMs, &refusal)
    }
    if let refusal { refusal.candidate.rule.rejections.add(1, ordering: .relaxed) }
    return refusal
  }

  /// The same for the usual case, with one lock and one look at the table.
  private func admit(_ candidate: Candidate, now: Int64) -> Refusal? {
    shards[candidate.shard].contents.withLock { contents in
      let serial = candidate.rule.serial
      switch contents.tables[serial]?.admit(candidate.value, now: now) ?? .untracked {
      case .admitted:
        return nil
      case .untracked:
        contents.record(candidate.rule, candidate.value, slot: nil, now: now)
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
        let candidate = candidates[index]
        guard let usage = contents.usage(candidate.rule, candidate.value, now: now) else { continue }
        candidates[index].slot = usage.slot
        guard usage.used >= candidate.rule.limit.maxRequests else { continue }
        if candidate.order < refusal?.candidate.order ?? .max {
          refusal = Refusal(candidate: candidates[index], used: usage.used, resetMs: max(1, usage.resetMs))
        }
      }
      let admitted = admit(&candidates, from: end, now: now, &refusal)
      if admitted {
        // Those that are tracked first: making room for a new key may move others out.
        for candidate in candidates[first..<end] where candidate.slot != nil {
          contents.record(candidate.rule, candidate.value, slot: candidate.slot, now: now)
        }
        for candidate in candidates[first..<end] where candidate.slot == nil {
          contents.record(candidate.rule, candidate.value, slot: nil, now: now)
        }
      } else if let refused = refusal?.candidate, refused.shard == shard, let slot = refused.slot {
        contents.reject(refused.rule, slot: slot)
      }
      return admitted
    }
  }
}
