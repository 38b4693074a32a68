import DequeModule
import GenAPITelemetry

/// What one gateway did in the last 15 minutes, by second.
///
/// Bounded: `seconds` samples and as many slow states. 100 functions that all work every second take about
/// 900 × 100 × 100 bytes = 9 MB; at most `maxSeries` functions are told apart, the rest are left out of the
/// history and counted.
struct TargetHistory: Sendable {
  static let seconds = 900
  static let maxSeries = 2_000
  /// What happened between two frames is spread over the seconds between, up to the longest interval a
  /// subscriber can ask for; after a longer gap nobody knows when it happened.
  static let longestGap: Int64 = 60

  private(set) var samples: Deque<SecondSample> = []
  private(set) var slow: Deque<(second: Int64, state: SlowState)> = []
  var series = NumberedNames(limit: maxSeries)
  var limits = NumberedNames(limit: 1_000)
  var groups = NumberedNames(limit: 10_000)
  var pools = NumberedNames(limit: 100)
  /// By number of a function: its service, request type and version.
  private(set) var functions: [SeriesState] = []
  private(set) var leftOut: Int64 = 0
  private var base: GatewayState?
  private var lastAt: Int64 = 0
  /// When the first state was taken: nothing is known of before.
  private var firstAt: Int64?
  /// Microseconds between the last two states.
  private var lastGap: Int64 = 1_000_000

  var lastSecond: Int64? { samples.last?.second }

  /// The last second that will not change any more: with several states a second, the one before the last.
  var lastWholeSecond: Int64? {
    guard samples.count > 1, lastGap < 700_000 else { return lastSecond }
    return samples[samples.count - 2].second
  }

  /// Forgets what the next state is compared with: the gateway is another one now.
  mutating func restart() { base = nil }

  /// Takes the state as it is at `now`, in microseconds; what happened since the one before goes to the
  /// seconds between.
  mutating func record(_ state: GatewayState, at now: Int64) {
    defer {
      base = state
      lastGap = lastAt == 0 ? lastGap : now - lastAt
      lastAt = now
      if firstAt == nil { firstAt = now }
    }
    guard let base, state.totals.requests >= base.totals.requests else {
      // The first state, or one of a gateway that started anew: there is nothing to compare it with.
      append(SecondSample(second: second(at: now), until: now), SlowState(state))
      return
    }
    var sample = SecondSample(second: second(at: now), until: now)
    sample.series = seriesDeltas(state, base)
    let oldLimits = Dictionary(base.limits.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    for limit in state.limits {
      let old = oldLimits[limit.id]
      let checks = limit.checks - (old?.checks ?? 0)
      let rejections = limit.rejections - (old?.rejections ?? 0)
      guard checks > 0 || rejections > 0, let key = limits.number(limit.id) else { continue }
      sample.limits.append(
        .init(key: key, first: Int32(clamping: checks), second: Int32(clamping: max(0, rejections))))
    }
    let oldGroups = Dictionary(base.relay.map { ($0.groupID, $0.messages) }, uniquingKeysWith: { $1 })
    for group in state.relay {
      let messages = group.messages - (oldGroups[group.groupID] ?? 0)
      guard messages > 0, let key = groups.number(group.groupID) else { continue }
      sample.messages.append(.init(key: key, first: Int32(clamping: messages)))
    }
    for (pool, old) in zip(state.pools, base.pools)
    where pool.name == old.name && pool.rejected > old.rejected {
      guard let key = pools.number(pool.name) else { continue }
      sample.refusals.append(.init(key: key, first: Int32(clamping: pool.rejected - old.rejected)))
    }
    sample.events = Int32(clamping: max(0, state.totals.eventsEmitted - base.totals.eventsEmitted))
    sample.cpuSeconds = max(0, state.process.cpuSeconds - base.process.cpuSeconds)
    let gap = lastSecond.map { sample.second - $0 } ?? 1
    if gap > 1, gap <= Self.longestGap {
      for part in sample.spread(over: Int(gap)) { append(part, SlowState(state)) }
    } else {
      append(sample, SlowState(state))
    }
  }

  private mutating func seriesDeltas(_ state: GatewayState, _ base: GatewayState) -> [SeriesDelta] {
    let old = Dictionary(base.series.map { ($0.entryKey, $0) }, uniquingKeysWith: { $1 })
    var deltas: [SeriesDelta] = []
    for series in state.series {
      let key = series.entryKey
      let before = old[key]
      guard let number = self.series.number(key) else {
        leftOut += 1
        continue
      }
      if Int(number) == functions.count { functions.append(series) }
      functions[Int(number)].lastError = series.lastError
      functions[Int(number)].maxUs = series.maxUs
      func grown(_ outcome: RequestOutcome) -> Int64 {
        max(0, (series.outcomes[outcome.rawValue] ?? 0) - (before?.outcomes[outcome.rawValue] ?? 0))
      }
      var delta = SeriesDelta(
        series: number, started: Int32(clamping: max(0, series.requests - (before?.requests ?? 0))), ok: 0,
        failed: 0, rejected: 0, unavailable: Int32(clamping: grown(.unavailable)),
        retries: Int32(clamping: max(0, series.retries - (before?.retries ?? 0))),
        inFlight: Int32(clamping: max(0, series.requests - series.outcomes.values.reduce(0, +))),
        latencies: [])
      for outcome in RequestOutcome.allCases {
        let count = Int32(clamping: grown(outcome))
        if outcome == .ok {
          delta.ok += count
        } else if outcome.isRejection {
          delta.rejected += count
        } else {
          delta.failed += count
        }
      }
      if delta.finished > 0 {
        delta.latencies = SeriesDelta.pack(series.latency - (before?.latency ?? LatencyHistogram()))
      }
      if delta.started > 0 || delta.finished > 0 || delta.inFlight > 0 { deltas.append(delta) }
    }
    return deltas
  }

  /// Frames come about once a second, a little early or late: each takes the second after the one before, as
  /// long as that stays within a second of the truth. So a frame that is early does not make one second look
  /// twice as busy and the next one idle.
  private func second(at now: Int64) -> Int64 {
    let exact = now / 1_000_000
    guard let last = lastSecond else { return exact }
    if now - lastAt < 500_000 { return max(last, min(last + 1, exact)) }
    return max(last, min(max(last + 1, exact - 1), exact + 1))
  }

  private mutating func append(_ sample: SecondSample, _ state: SlowState) {
    if let last = samples.last, last.second == sample.second {
      samples[samples.count - 1] = last.adding(sample)
    } else {
      samples.append(sample)
    }
    if slow.last?.state != state {
      if slow.last?.second == sample.second { slow.removeLast() }
      slow.append((sample.second, state))
    }
    let oldest = sample.second - Int64(Self.seconds)
    while let first = samples.first, first.second <= oldest { samples.removeFirst() }
    // The one before the oldest second says how it was then.
    while slow.count > 1, slow[1].second <= oldest { slow.removeFirst() }
  }

  /// The samples of `(second − length, second]`.
  func window(endingAt second: Int64, length: Int) -> Slice<Deque<SecondSample>> {
    let start = samples.partition { $0.second > second - Int64(length) }
    let end = samples.partition { $0.second > second }
    return samples[start..<max(start, end)]
  }

  /// How many seconds of a window were watched: what its counts are divided by.
  func watchedSeconds(endingAt second: Int64, length: Int) -> Double {
    guard let firstAt, let last = window(endingAt: second, length: length).last else { return Double(length) }
    let watched = Double(last.until - firstAt) / 1_000_000
    return watched < 0.5 ? 1 : min(watched, Double(length))
  }

  /// How it was at the end of a second; nil before anything was known.
  func slowState(at second: Int64) -> SlowState? {
    let index = slow.partition { $0.second > second }
    return index > 0 ? slow[index - 1].state : nil
  }
}

extension SecondSample {
  /// The same counts over the last `seconds` seconds, as evenly as whole numbers go; latencies stay with the
  /// last one.
  func spread(over seconds: Int) -> [SecondSample] {
    (1...seconds).map { part in
      func share(_ count: Int32) -> Int32 {
        Int32(Int64(count) * Int64(part) / Int64(seconds) - Int64(count) * Int64(part - 1) / Int64(seconds))
      }
      func share(_ counts: [Count]) -> [Count] {
        counts.map { Count(key: $0.key, first: share($0.first), second: share($0.second)) }
      }
      let back = Int64(seconds - part)
      var sample = SecondSample(second: second - back, until: until - back * 1_000_000)
      sample.series = series.map { delta in
        var delta = delta
        delta.started = share(delta.started)
        delta.ok = share(delta.ok)
        delta.failed = share(delta.failed)
        delta.rejected = share(delta.rejected)
        delta.unavailable = share(delta.unavailable)
        delta.retries = share(delta.retries)
        if part < seconds { delta.latencies = [] }
        return delta
      }
      sample.limits = share(limits)
      sample.messages = share(messages)
      sample.refusals = share(refusals)
      sample.events = share(events)
      sample.cpuSeconds = cpuSeconds / Double(seconds)
      return sample
    }
  }

  /// Two samples of the same second; frames more often than once a second.
  func adding(_ other: SecondSample) -> SecondSample {
    var sum = self
    sum.until = other.until
    for delta in other.series {
      guard let index = sum.series.firstIndex(where: { $0.series == delta.series }) else {
        sum.series.append(delta)
        continue
      }
      sum.series[index].started += delta.started
      sum.series[index].ok += delta.ok
      sum.series[index].failed += delta.failed
      sum.series[index].rejected += delta.rejected
      sum.series[index].unavailable += delta.unavailable
      sum.series[index].retries += delta.retries
      sum.series[index].inFlight = delta.inFlight
      sum.series[index].latencies += delta.latencies
    }
    sum.limits += other.limits
    sum.messages += other.messages
    sum.refusals += other.refusals
    sum.events += other.events
    sum.cpuSeconds += other.cpuSeconds
    return sum
  }
}

extension Deque {
  /// The first place where the condition holds, in a list where it holds from there on.
  func partition(_ holds: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
