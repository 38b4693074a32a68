import GenAPITelemetry
import Locking

extension RateLimiter {
  /// Every limit in force. Removes expired keys first, so that `trackedKeys` counts only those with a request
  /// in the window; each key is removed once, so asking every second costs what the keys cost that came.
  public func limitStates() -> [LimitState] {
    let now = nowMs
    return rules.all.map { rule in
      var counted = (checks: Int64(0), rejections: Int64(0))
      eachShard { shard in
        shard.removeExpired(rule, now: now)
        let more = shard.contents.withLock { $0.counted(rule.terms) }
        counted.checks += more.checks
        counted.rejections += more.rejections
      }
      let refusedAt = rule.lastRejectionAt.load(ordering: .relaxed)
      return LimitState(
        id: rule.id, scope: rule.scope, key: rule.limit.key.name, maxRequests: rule.limit.maxRequests,
        windowMs: rule.limit.windowMs, checks: counted.checks,
        rejections: counted.rejections,
        trackedKeys: rule.trackedKeys.load(ordering: .relaxed),
        lastRejectionAt: refusedAt == 0 ? nil : refusedAt)
    }
  }

  /// The key values closest to their limit, by used / max, hottest first; of those that have reached it the most refused first.
  ///
  /// Every shard keeps the hottest 20 of each limit as requests come, so this looks at those only; of keys less
  /// than a sixteenth apart the later one may be missed at the end of the list. A key that
  /// was pushed out of them and had no request since is missed when the hotter ones cool down.
  public func hotKeys(limit: Int = 20) -> [HotKeyState] {
    let now = nowMs
    var found: [HotKeyState] = []
    eachShard { shard in
      shard.contents.withLock { contents in
        for index in contents.tables.indices {
          guard let rule = contents.tables[index]?.rule,
            let hottest = contents.tables[index]?.hottest(now: now)
          else { continue }
          for key in hottest {
            found.append(
              HotKeyState(
                limit: rule.id, keyValue: key.value, used: key.used, max: rule.limit.maxRequests,
                resetMs: key.resetMs, rejections: Int64(key.rejections)))
          }
        }
      }
    }
    found.sort {
      let (first, second) = (Double($0.used) / Double($0.max), Double($1.used) / Double($1.max))
      if first != second { return first > second }
      if $0.rejections != $1.rejections { return $0.rejections > $1.rejections }
      return $0.entryKey < $1.entryKey
    }
    return Array(found.prefix(max(0, limit)))
  }
}
