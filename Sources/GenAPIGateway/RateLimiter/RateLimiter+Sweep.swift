import GenAPITelemetry

extension RateLimiter {
  /// Sweeps idle keys every `cleanupInterval` until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      do {
        try await clock.sleep(for: rules.configuration.cleanupInterval)
      } catch {
        return
      }
      await sweep()
    }
  }

  /// Removes every key without a request in its window; emits `rate_limiter.cleanup` with the number of keys
  /// that expired since the last sweep. Holds a shard's lock for a slice of keys at a time.
  public func sweep() async {
    let start = clock.monotonicMicroseconds()
    let now = nowMs
    let rules = self.rules
    var cleaned = 0
    for index in 0..<shards.count {
      for rule in rules.all { shards[index].removeExpired(rule, now: now) }
      cleaned += shards[index].contents.withLock { contents in
        defer { contents.cleaned = 0 }
        return contents.cleaned
      }
      await Task.yield()
    }
    bus.emit(
      .rateLimitCleanup(
        durationUs: max(0, clock.monotonicMicroseconds() - start), cleanedEntries: cleaned,
        globalLimits: rules.configuration.globalLimits.count, apiLimits: rules.configuration.apiLimits.count))
  }
}
