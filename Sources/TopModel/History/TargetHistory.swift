import DequeModule
import GenAPITelemetry
import GenAPIValue

/// What one gateway did in the last 15 minutes, by second.
///
/// Bounded: `seconds` samples and as many slow states, of both the newest that fit into `sampleBudget` and `slowBudget`: where
/// more goes on, or a gateway tells anything, the past is shorter. 100 functions that all work every second take about
/// 900 × 100 × 100 bytes = 9 MB; at most `maxSeries` functions are told apart, the rest are left out of the
/// history and counted. Lists that did not change share their memory from second to second; relay groups,
/// which do change, have a budget of their own (`RelayHistory`).
struct TargetHistory: Sendable {
  static let seconds = 900
  static let maxSeries = 12_000
  /// In bytes.
  static let sampleBudget = 48_000_000
  static let slowBudget = 24_000_000
  /// What happened between two frames is spread over the seconds between, up to the longest interval a
  /// subscriber can ask for; after a longer gap nobody knows when it happened, so it counts for no second.
  static let longestGap: Int64 = 60

  private(set) var samples: Deque<SecondSample> = []
  private(set) var slow: Deque<(second: Int64, state: SlowState, bytes: Int)> = []
  /// What samples and slow states take.
  private(set) var sampleBytes = 0
  private(set) var slowBytes = 0
  private(set) var relay = RelayHistory()
  var series = NumberedNames(limit: maxSeries)
  var limits = NumberedNames(limit: 1_000)
  var groups = NumberedNames(limit: 10_000)
  var pools = NumberedNames(limit: 100)
  var serviceNodes = NumberedNames(limit: 1_000)
  /// By number of a function: its service, request type and version.
  var functions: [SeriesState] = []
  /// By number of a function: its `SeriesState.entryKey`, joined once.
  var functionKeys: [ByteText] = []
  /// Another one whenever a number is given to a function.
  var namesStamp = Stamp()
  /// Functions of the last state that are not told apart.
  var leftOut: Int { baseNumbers.count { $0 < 0 } }
  private var base: GatewayState?
  /// By position in the series of `base`: the function's number; -1 for one that got none. Empty where none is known.
  var baseNumbers: [Int32] = []
  /// By position in the series of `base`: nothing is under way; empty where that is not known.
  var baseResting: [Bool] = []
  /// How many series of `base` counted nothing in its last second and have nothing in flight.
  var idle = 0
  private var lastAt: Int64 = 0
  /// Microseconds between the last two states.
  private var lastGap: Int64 = 1_000_000
  private var recycledAt: Int64?
  private let keptSums = KeptSums()

  var lastSecond: Int64? { samples.last?.second }

  /// The last second that will not change any more: with several states a second, the one before the last.
  var lastWholeSecond: Int64? {
    guard samples.count > 1, lastGap < 700_000 else { return lastSecond }
    return samples[samples.count - 2].second
  }

  /// Forgets what the next state is compared with: the gateway is another one now.
  mutating func restart() {
    base = nil
    baseNumbers = []
    baseResting = []
  }

  /// The clock was set back: what lies after `now`, in microseconds, did not happen yet.
  mutating func rewind(to now: Int64) {
    let second = now / 1_000_000
    while let last = samples.last, last.second >= second { sampleBytes -= samples.removeLast().bytes }
    while let last = slow.last, last.second >= second { slowBytes -= slow.removeLast().bytes }
    relay.rewind(to: second)
    restart()
    lastAt = 0
    recycledAt = nil
  }

  /// Takes the state as it is at `now`, in microseconds; what happened since the one before goes to the
  /// seconds between.
  ///
  /// - Parameters:
  ///   - isWhole: the state was sent anew. What was not in the one before is then not new: it was filtered out,
  ///     or is the rest of a long snapshot.
  ///   - silentAfter: after how many seconds without a frame a gateway counts as silent.
  ///   - countedUntil: when the gateway made the state, by this clock; nil where that is not known.
  mutating func record(
    _ state: GatewayState, at now: Int64, isWhole: Bool = false, silentAfter: Int64 = 3,
    countedUntil: Int64? = nil
  ) {
    defer {
      base = state
      lastGap = lastAt == 0 ? lastGap : now - lastAt
      lastAt = now
    }
    recycleNames(state, at: now / 1_000_000)
    let second = second(at: now)
    let gap = lastSecond.map { second - $0 } ?? 1
    guard let base, state.totals.requests >= base.totals.requests, gap <= Self.longestGap else {
      // There is nothing to compare it with, or nobody knows when it happened.
      baseNumbers = []
      baseResting = []
      append(SecondSample(second: second), state)
      return
    }
    var sample = deltas(state, since: base, second: second, isWhole: isWhole)
    sample.watched = Double(max(0, now - lastAt)) / 1_000_000
    sample.until = countedUntil ?? now
    if gap > 1 {
      for part in sample.spread(over: Int(gap), isGuess: gap > silentAfter) { append(part, state) }
    } else {
      append(sample, state)
    }
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

  private mutating func append(_ sample: SecondSample, _ state: GatewayState) {
    if let last = samples.last, last.second == sample.second {
      var sum = last.adding(sample)
      sum.close()
      sampleBytes += sum.bytes - last.bytes
      samples[samples.count - 1] = sum
    } else {
      var sample = sample
      sample.close()
      sampleBytes += sample.bytes
      samples.append(sample)
    }
    let next = SlowState(state, sharing: slow.last?.state)
    if slow.last?.state != next {
      if let last = slow.last, last.second == sample.second {
        slow.removeLast()
        slowBytes -= last.bytes
      }
      let bytes = next.storedBytes(beside: slow.last?.state)
      slow.append((sample.second, next, bytes))
      slowBytes += bytes
    }
    relay.record(state.relay, at: sample.second)
    let oldest = sample.second - Int64(Self.seconds)
    while let first = samples.first,
      first.second <= oldest || (sampleBytes > Self.sampleBudget && samples.count > 1)
    {
      sampleBytes -= samples.removeFirst().bytes
    }
    // The one before the oldest second says how it was then.
    while slow.count > 1, slow[1].second <= oldest || slowBytes > Self.slowBudget {
      slowBytes -= slow.removeFirst().bytes
    }
    relay.forget(before: oldest)
  }

  /// Names of things that are gone, and did nothing in the whole history, make room for new ones; looked for at
  /// most once a minute, and only when a table is full.
  private mutating func recycleNames(_ state: GatewayState, at second: Int64) {
    guard series.isFull || limits.isFull || groups.isFull || pools.isFull || serviceNodes.isFull,
      recycledAt.map({ second >= $0 + 60 }) ?? true
    else { return }
    recycledAt = second
    baseNumbers = []
    let oldest = second - Int64(Self.seconds)
    let kept = samples.filter { $0.second > oldest }
    func used(_ keys: (SecondSample) -> [Int32]) -> Set<Int32> { Set(kept.flatMap(keys)) }
    // Samples that are about to be forgotten must not name a number that is given to something else.
    samples = kept
    sampleBytes = kept.reduce(0) { $0 + $1.bytes }
    series.recycle(keeping: used { $0.series.map(\.series) }, Set(state.series.map(\.entryKey)))
    limits.recycle(keeping: used { $0.limits.map(\.key) }, Set(state.limits.map(\.identity)))
    groups.recycle(keeping: used { $0.messages.map(\.key) }, Set(state.relay.map(\.groupID)))
    pools.recycle(keeping: used { $0.refusals.map(\.key) }, Set(state.pools.map(\.name)))
    serviceNodes.recycle(keeping: used { $0.nodes.map(\.key) }, Set(state.nodes.map(\.node)))
  }

  // MARK: Looking back

  /// The samples of `(second − length, second]`.
  func window(endingAt second: Int64, length: Int) -> Slice<Deque<SecondSample>> {
    let start = samples.partition { $0.second > second - Int64(length) }
    let end = samples.partition { $0.second > second }
    return samples[start..<max(start, end)]
  }

  /// How many seconds of a window were watched: what its counts are divided by.
  func watchedSeconds(endingAt second: Int64, length: Int) -> Double {
    let watched = window(endingAt: second, length: length).reduce(0) { $0 + $1.watched }
    return watched < 0.5 ? 1 : min(watched, Double(length))
  }

  /// Looks at what each function did in `(second − length, second]`, by its number.
  func sums(endingAt second: Int64, length: Int, _ look: (WindowSums) -> Void) {
    keptSums.sums(of: self, endingAt: second, length: length, look)
  }

  /// The last second, up to the one given, in which a frame came.
  func lastHeard(at second: Int64) -> Int64? {
    var index = samples.partition { $0.second > second } - 1
    while index >= 0, samples[index].isGuess { index -= 1 }
    return index >= 0 ? samples[index].second : nil
  }

  /// The last second up to the one given of which there is a sample, not more than so many before it, since the newest may be
  /// told a little late; nil where nothing was kept.
  func lastKept(at second: Int64, within seconds: Int64) -> Int64? {
    let index = samples.partition { $0.second > second } - 1
    return index >= 0 && second - samples[index].second <= seconds ? samples[index].second : nil
  }

  /// How it was at the end of a second; nil before anything was known.
  func slowState(at second: Int64) -> SlowState? {
    let index = slow.partition { $0.second > second }
    return index > 0 ? slow[index - 1].state : nil
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
