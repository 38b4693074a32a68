import DequeModule
import GenAPITelemetry
import GenAPIValue

/// What one gateway did in the last 15 minutes: by second, and in steps of ten seconds what is more than two minutes ago.
///
/// Bounded: of all gateways together the newest samples and slow states stay that fit into the budgets of `ClusterModel`: where more
/// goes on, or a gateway tells anything, the past is shorter, and the screen says so. 100 functions
/// that all work every second take some 20 bytes a function in 120 seconds and 78 steps, half a megabyte; at most `maxSeries`
/// functions are told apart, the rest are left out of the history and counted. Lists that did not change share their memory from second
/// to second; relay groups, which do change, have a budget of their own (`RelayHistory`).
struct TargetHistory: Sendable {
  static let seconds = 900
  static let maxSeries = 12_000
  /// What happened between two frames is spread over the seconds between, up to the longest interval a
  /// subscriber can ask for; after a longer gap nobody knows when it happened, so it counts for no second.
  static let longestGap: Int64 = 60
  /// Of less time, in seconds, no rate is said: what a part of a second held says little of a whole one.
  static let leastWatched = 0.5
  /// By how much longer one state may be on its way than another, in microseconds; what differs by more was told by a clock that was set.
  private static let longestDelay: Int64 = 30_000_000

  var samples: Deque<SecondSample> = [] { didSet { samplesStamp = Stamp() } }
  /// Another one whenever the samples are others.
  private(set) var samplesStamp = Stamp()
  /// The stamp of samples of which these came by taking more at the end and leaving out the oldest; nil where they came otherwise.
  private(set) var grewFrom: Stamp?
  /// Some of the samples are others since the record began.
  var isRewritten = false
  /// How many of the samples, from the first on, are coarse steps already.
  var coarseCount = 0
  /// The last second that was taken out since there was no memory for it.
  var shortenedAt: Int64?
  private(set) var stillness = Stillness()
  private(set) var slow: Deque<(second: Int64, state: SlowState, bytes: Int, facts: Stamp)> = []
  /// What samples and slow states take.
  var sampleBytes = 0
  private(set) var slowBytes = 0
  /// The last second at whose end there was a breaker; long ago before there was any.
  private(set) var lastWithBreakers = Int64.min / 2
  @HeldApart private(set) var relay = RelayHistory()
  @HeldApart var series = NumberedNames(limit: maxSeries)
  @HeldApart var limits = NumberedNames(limit: 1_000)
  @HeldApart var groups = NumberedNames(limit: 10_000)
  @HeldApart var pools = NumberedNames(limit: 100)
  @HeldApart var serviceNodes = NumberedNames(limit: 1_000)
  /// By number of a function: its service, request type and version.
  var functions = PiecedList<SeriesState>()
  /// By number of a function: its `SeriesState.entryKey`, joined once.
  var functionKeys: [ByteText] = []
  /// Another one whenever a number is given to a function.
  var namesStamp = Stamp()
  /// Another one whenever how a function ended last is another.
  var endsStamp = Stamp()
  /// Functions of the last state that are not told apart.
  var leftOut = 0
  @HeldApart private var base: GatewayState?
  /// By position in the series of `base`: the function's number; -1 for one that got none. Empty where none is known.
  var baseNumbers: [Int32] = []
  /// By number of a function its position in the series of `base`; -1 for one that is not there.
  var basePositions: [Int32] = []
  /// Positions in the series of `base` of functions that have requests under way.
  var awake: Set<Int> = []
  private var lastAt: Int64 = 0
  /// By the gateway's clock, of the last state.
  private var lastSentAt: Int64?
  /// Microseconds between the last two states.
  private var lastGap: Int64 = 1_000_000
  private var recycledAt: Int64?
  let kept = KeptWindows()

  @inline(__always)
  var lastSecond: Int64? { samples.last?.second }

  /// The last second that will not change any more: with several states a second, the one before the last.
  @inline(__always)
  var lastWholeSecond: Int64? {
    guard samples.count > 1, lastGap < 700_000 else { return lastSecond }
    return samples[samples.count - 2].second
  }

  /// Forgets what the next state is compared with: the gateway is another one now.
  mutating func restart() {
    base = nil
    forgetPositions()
  }

  /// The list of functions is changed where it is: what they were is known otherwise.
  mutating func releaseSeries() { base?.series = [] }

  /// Which functions stand where in `base` is not known.
  private mutating func forgetPositions() {
    baseNumbers = []
    basePositions = []
    awake = []
    leftOut = 0
  }

  /// The clock was set back: what lies after `now`, in microseconds, did not happen yet.
  mutating func rewind(to now: Int64) {
    let second = now / 1_000_000
    while let last = samples.last, last.second >= second { sampleBytes -= samples.removeLast().bytes }
    coarseCount = min(coarseCount, samples.count)
    shortenedAt = nil
    while let last = slow.last, last.second >= second { slowBytes -= slow.removeLast().bytes }
    relay.rewind(to: second)
    restart()
    lastAt = 0
    lastSentAt = nil
    recycledAt = nil
  }

  /// Takes the state as it is at `now`, in microseconds; what happened since the one before goes to the
  /// seconds between.
  ///
  /// - Parameters:
  ///   - isWhole: the state was sent anew. What was not in the one before is then not new: it was filtered out,
  ///     or is the rest of a long snapshot.
  ///   - silentAfter: after how many seconds without a frame a gateway counts as silent.
  ///   - earlier: what the functions were that may have done something, as `earlier(_:in:)` found it, where the list was released.
  ///   - countedUntil: when the gateway made the state, by this clock; nil where that is not known.
  ///   - sentAt: the same by its own clock.
  ///   - isQuiet: nothing but its process is other than in the state before.
  mutating func record(
    _ state: GatewayState, at now: Int64, isWhole: Bool = false, silentAfter: Int64 = 3,
    countedUntil: Int64? = nil, sentAt: Int64? = nil, earlier: [Int: SeriesCounts]? = nil,
    isQuiet: Bool = false
  ) {
    let watched = Double(counted(until: sentAt, at: now, isWhole: isWhole)) / 1_000_000
    let before = samplesStamp
    isRewritten = false
    defer {
      grewFrom = isRewritten ? nil : before
      base = state
      lastGap = lastAt == 0 ? lastGap : now - lastAt
      lastAt = now
      lastSentAt = sentAt
    }
    // Where it is known what functions were, their numbers are the ones that this was looked up by.
    if earlier == nil, !isQuiet { recycleNames(state, at: now / 1_000_000) }
    let second = second(at: now)
    let gap = lastSecond.map { second - $0 } ?? 1
    guard let base, state.totals.requests >= base.totals.requests, gap <= Self.longestGap else {
      // There is nothing to compare it with, or nobody knows when it happened: what is kept may be of before a clock was set back.
      forgetPositions()
      append([SecondSample(second: second)], state, isQuiet: false)
      return
    }
    // Where something is under way it counts for each second.
    var sample =
      isQuiet && awake.isEmpty && baseNumbers.count == state.series.count
      ? SecondSample(second: second, process: state.process, since: base.process)
      : deltas(state, since: base, second: second, isWhole: isWhole, earlier: earlier)
    sample.watched = watched
    sample.until = countedUntil ?? now
    append(
      gap > 1 ? sample.spread(over: Int(gap), isGuess: gap > silentAfter) : [sample], state, isQuiet: isQuiet)
  }

  /// How much time lies between this state and the one before, in microseconds: by the gateway's clock, since a state that was long on
  /// its way, or in the reading, counted no longer for that.
  private func counted(until sentAt: Int64?, at now: Int64, isWhole: Bool) -> Int64 {
    let came = max(0, now - lastAt)
    guard let sentAt, let lastSentAt else { return came }
    let told = sentAt.saturatingSubtract(lastSentAt)
    // The rest of a long snapshot is of the same moment.
    guard told > 0 || told == 0 && isWhole, told.saturatingSubtract(came).magnitude <= Self.longestDelay
    else { return came }
    return told
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

  private mutating func append(_ parts: [SecondSample], _ state: GatewayState, isQuiet: Bool) {
    let last = slow.last?.state
    let next =
      isQuiet ? last?.with(state.process) ?? SlowState(state, sharing: nil) : SlowState(state, sharing: last)
    let facts = (isQuiet ? slow.last?.facts : nil) ?? Stamp()
    for sample in parts {
      append(sample, next, facts)
      if !isQuiet { relay.record(state.relay, at: sample.second) }
      forget(before: sample.second - Int64(Self.seconds))
    }
  }

  private mutating func append(_ sample: SecondSample, _ next: SlowState, _ facts: Stamp) {
    if !next.breakers.isEmpty { lastWithBreakers = max(lastWithBreakers, sample.second) }
    stillness.note(sample, after: samples.last?.second)
    if let last = samples.last, last.second == sample.second {
      var sum = last.adding(sample)
      sum.close()
      sampleBytes += sum.bytes - last.bytes
      samples[samples.count - 1] = sum
      isRewritten = true
    } else {
      var sample = sample
      sample.close()
      sampleBytes += sample.bytes
      samples.append(sample)
    }
    if slow.last?.state != next {
      if let last = slow.last, last.second == sample.second {
        slow.removeLast()
        slowBytes -= last.bytes
      }
      let bytes = next.storedBytes(beside: slow.last?.state)
      slow.append((sample.second, next, bytes, facts))
      slowBytes += bytes
    }
  }

  private mutating func forget(before oldest: Int64) {
    while let first = samples.first, first.second <= oldest { removeOldest() }
    coarsen()
    // The one before the oldest second says how it was then.
    while slow.count > 1, slow[1].second <= oldest { forgetOldestState() }
    relay.forget(before: oldest)
  }

  /// Takes out the oldest of the states that are shown as they were; the newest stays.
  mutating func forgetOldestState() {
    if slow.count > 1 { slowBytes -= slow.removeFirst().bytes }
  }

  /// Names of things that are gone, and did nothing in the whole history, make room for new ones; looked for at
  /// most once a minute, and only when a table is full.
  mutating func recycleNames(_ state: GatewayState, at second: Int64) {
    guard series.isFull || limits.isFull || groups.isFull || pools.isFull || serviceNodes.isFull,
      recycledAt.map({ second >= $0 + 60 }) ?? true
    else { return }
    recycledAt = second
    // Those that were left out were told of.
    let leftOut = leftOut
    forgetPositions()
    self.leftOut = leftOut
    let oldest = second - Int64(Self.seconds)
    // Samples that are about to be forgotten must not name a number that is given to something else.
    while let first = samples.first, first.second <= oldest { removeOldest() }
    let kept = samples
    func used(_ keys: (SecondSample) -> [Int32]) -> Set<Int32> { Set(kept.flatMap(keys)) }
    series.recycle(keeping: used { $0.series.map(\.series) }, Set(state.series.map(\.entryKey)))
    limits.recycle(keeping: used { $0.limits.map(\.key) }, Set(state.limits.map(\.identity)))
    groups.recycle(keeping: used { $0.messages.map(\.key) }, Set(state.relay.map(\.groupID)))
    pools.recycle(keeping: used { $0.refusals.map(\.key) }, Set(state.pools.map(\.name)))
    serviceNodes.recycle(keeping: used { $0.nodes.map(\.key) }, Set(state.nodes.map(\.node)))
  }

  // MARK: Looking back
  // Inlined, so that a look at a hundred gateways does not copy all that each of them holds.

  /// The samples of `(second − length, second]`; a coarse step is among them whose last second is.
  @inline(__always)
  func window(endingAt second: Int64, length: Int) -> Slice<Deque<SecondSample>> {
    samples.window(endingAt: second, length: length)
  }

  /// How many seconds of a window were watched: what its counts are divided by, above zero; of less than `leastWatched` no rate is said.
  @inline(__always)
  func watchedSeconds(endingAt second: Int64, length: Int) -> Double {
    figures(endingAt: second, length: length).watched
  }

  /// What was counted in `(second − length, second]`, of all functions together.
  @inline(__always)
  func figures(endingAt second: Int64, length: Int) -> WindowFigures {
    kept.figures(of: samples, samplesStamp, endingAt: second, length: length)
  }

  /// How many events a second were emitted in a second, of which enough was watched for a rate.
  @inline(__always)
  func eventsPerSecond(at second: Int64) -> Double {
    let index = samples.partition { $0.second >= second }
    guard index < samples.count, samples[index].first <= second, let watched = samples[index].rateSeconds
    else { return 0 }
    return Double(samples[index].events) / watched
  }

  /// Looks at what each function did in `(second − length, second]`, by its number.
  @inline(__always)
  func sums(endingAt second: Int64, length: Int, _ look: (WindowSums) -> Void) {
    kept.sums(
      of: samples, samplesStamp, grewFrom: grewFrom, isStill: isStill(endingAt: second, length: length),
      endingAt: second, length: length, look)
  }

  /// Whether all of `(second − length, second]` is kept, and no function did anything or had requests under way in it. Also false where
  /// that is not known at a glance.
  @inline(__always)
  func isStill(endingAt second: Int64, length: Int) -> Bool {
    let first = second - Int64(length) + 1
    guard let oldest = samples.first?.first, let newest = samples.last?.second else { return false }
    return oldest <= first && second <= newest && stillness.isStill(since: first)
  }

  /// The last second, up to the one given, in which a frame came.
  @inline(__always)
  func lastHeard(at second: Int64) -> Int64? {
    var index = samples.partition { $0.second > second } - 1
    while index >= 0, samples[index].isGuess { index -= 1 }
    return index >= 0 ? samples[index].second : nil
  }

  /// The last second up to the one given of which there is a sample, not more than so many before it, since the newest may be
  /// told a little late; the end of the coarse step that it is in. nil where nothing was kept.
  @inline(__always)
  func lastKept(at second: Int64, within seconds: Int64) -> Int64? {
    let next = samples.partition { $0.second >= second }
    if next < samples.count, samples[next].first <= second { return samples[next].second }
    let index = next - 1
    return index >= 0 && second - samples[index].second <= seconds ? samples[index].second : nil
  }

  /// How it was at the end of a second; nil before anything was known.
  @inline(__always)
  func slowState(at second: Int64) -> SlowState? {
    let index = slow.partition { $0.second > second }
    return index > 0 ? slow[index - 1].state : nil
  }

  /// Tells how it was then, but for its process, from how it was at other times.
  @inline(__always)
  func slowFacts(at second: Int64) -> Stamp? {
    let index = slow.partition { $0.second > second }
    return index > 0 ? slow[index - 1].facts : nil
  }
}

extension TargetHistory {
  /// As `slowFacts`; of the oldest that is kept, where the history does not go back as far.
  func firstFacts(at second: Int64) -> Stamp? { slowFacts(at: second) ?? slow.first?.facts }
}

extension Deque<SecondSample> {
  /// As `TargetHistory.window`.
  func window(endingAt second: Int64, length: Int) -> Slice<Deque<SecondSample>> {
    let start = partition { $0.second > second - Int64(length) }
    let end = partition { $0.second > second }
    return self[start..<Swift.max(start, end)]
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
