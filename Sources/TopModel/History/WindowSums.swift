import DequeModule
import GenAPITelemetry

/// What each function of a gateway did in a window, kept up: a second that comes is added, one that leaves is taken back, and
/// nothing in between is gone through again.
struct WindowSums: Sendable {
  /// What one function counted, or several together.
  struct Counts: Equatable, Sendable {
    var started: Int64 = 0
    var finished: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var unavailable: Int64 = 0
    var retries: Int64 = 0
    /// Those whose latencies are known, and those of them that took as long as makes a function slow.
    var ran: Int64 = 0
    var slow: Int64 = 0
    /// In how many seconds it did something or had requests under way.
    var seconds: Int64 = 0
    /// In how many of the window's last `WindowSums.recentSeconds` requests failed, were refused or took long: its trouble goes on.
    var troubled: Int64 = 0

    /// All but the latencies, of which there are fewer numbers when they are added up.
    fileprivate mutating func add(_ delta: SeriesDelta) {
      started += Int64(delta.started)
      finished += delta.finished
      failed += Int64(delta.failed)
      rejected += Int64(delta.rejected)
      unavailable += Int64(delta.unavailable)
      retries += Int64(delta.retries)
      seconds += 1
    }

    fileprivate mutating func subtract(_ delta: SeriesDelta) {
      started -= Int64(delta.started)
      finished -= delta.finished
      failed -= Int64(delta.failed)
      rejected -= Int64(delta.rejected)
      unavailable -= Int64(delta.unavailable)
      retries -= Int64(delta.retries)
      seconds -= 1
    }

    fileprivate mutating func note(_ latency: BucketCounts) { (ran, slow) = (latency.count, latency.slow) }

    static func += (sum: inout Counts, other: Counts) {
      sum.started += other.started
      sum.finished += other.finished
      sum.failed += other.failed
      sum.rejected += other.rejected
      sum.unavailable += other.unavailable
      sum.retries += other.retries
      sum.ran += other.ran
      sum.slow += other.slow
      sum.seconds += other.seconds
      sum.troubled += other.troubled
    }
  }

  /// By number of a function; those after the last did nothing. Numbers lie together, apart from the latencies.
  private var counts = PiecedList<Counts>()
  private var latencies = PiecedList<BucketCounts>()
  /// All functions together.
  private(set) var whole = Counts()
  private(set) var wholeLatency = BucketCounts()
  /// The functions of which a pool refused something.
  private(set) var unavailable: Set<Int32> = []
  /// What is added up, oldest first.
  private(set) var seconds: Deque<Second> = []
  /// The seconds are one that stands for all of the window, in which nothing happened.
  private var isResting = false
  /// Trouble that is older than this at the end of the window has ended.
  static let recentSeconds: Int64 = 15
  /// Those of the last `recentSeconds` that are counted in `troubled`.
  private var recent: [Second] = []
  /// By number of a function which sums are others: seconds in which nothing happened come and go without.
  private(set) var changes = ChangeLog()

  /// A second, or a coarse step, with the latencies of all its functions. An object, as all seconds of all gateways are gone through for
  /// each row: a value would count three references each time.
  final class Second: Sendable {
    /// The last and the first of its seconds.
    let second: Int64
    let first: Int64
    /// Held, so that what lies where this does is this.
    let series: PackedSeries
    let latency: BucketCounts
    /// The functions of which requests failed, were refused or took long.
    let troubled: [Int32]

    var span: Int { Int(second - first) + 1 }

    fileprivate init(_ sample: SecondSample) {
      second = sample.second
      first = sample.first
      series = sample.series
      latency = BucketCounts(addingUp: series)
      troubled = Self.troubled(in: series, hasSlow: latency.slow > 0)
    }

    /// Seconds in which nothing happened.
    fileprivate init(still seconds: ClosedRange<Int64>) {
      second = seconds.upperBound
      first = seconds.lowerBound
      series = PackedSeries()
      latency = BucketCounts()
      troubled = []
    }

    private static func troubled(in series: PackedSeries, hasSlow: Bool) -> [Int32] {
      var found: [Int32] = []
      series.forEach { delta in
        if delta.failed > 0 || delta.rejected > 0 || (hasSlow && BucketCounts.hasSlow(delta.packedLatencies))
        {
          found.append(delta.series)
        }
      }
      return found
    }
  }

  /// What one function counted.
  func counts(of number: Int) -> Counts { number < counts.count ? counts[number] : Counts() }

  func latency(of number: Int) -> BucketCounts {
    number < latencies.count ? latencies[number] : BucketCounts()
  }

  /// Makes these the sums of a window in which nothing happened, of which each second is known: one stands for all.
  ///
  /// - Returns: false where something is to be taken back first.
  mutating func rest(endingAt second: Int64, length: Int) -> Bool {
    guard whole.seconds == 0 else { return false }
    isResting = true
    recent = []
    seconds = [Second(still: second - Int64(length) + 1...second)]
    return true
  }

  /// Makes these the sums of a window of the same gateway's history, whatever they were of: what the two have in common at their begin
  /// and at their end stays.
  ///
  /// - Parameters:
  ///   - end: the second that the window ends with, whether it has something of it or not.
  ///   - hasGrown: since the last time the history was only taken more at its end, and the oldest left out: what is in both windows
  ///   need not be compared.
  mutating func follow(_ window: Slice<Deque<SecondSample>>, endingAt end: Int64, hasGrown: Bool = false) {
    followSeconds(window, hasGrown: hasGrown)
    noteTrouble(endingAt: end)
  }

  /// Counts in which of the last seconds functions were in trouble: each comes once, and leaves once.
  private mutating func noteTrouble(endingAt end: Int64) {
    let first = seconds.partition { $0.second > end - Self.recentSeconds }
    let now = Array(seconds[first...])
    defer { recent = now }
    var steps: [Int32: Int64] = [:]
    for second in recent where !second.troubled.isEmpty && !now.contains(where: { $0 === second }) {
      for number in second.troubled { steps[number, default: 0] -= 1 }
    }
    for second in now where !second.troubled.isEmpty && !recent.contains(where: { $0 === second }) {
      for number in second.troubled { steps[number, default: 0] += 1 }
    }
    let changed = steps.filter { $0.value != 0 }
    if changed.isEmpty { return }
    for (number, step) in changed {
      counts[Int(number)].troubled += step
      whole.troubled += step
    }
    changes.note(Array(changed.keys))
  }

  private mutating func followSeconds(_ window: Slice<Deque<SecondSample>>, hasGrown: Bool) {
    if isResting {
      isResting = false
      seconds = []
    }
    func isSame(_ index: Int, _ place: Int) -> Bool {
      seconds[index].second == window[place].second && seconds[index].first == window[place].first
        && seconds[index].series.shares(window[place].series)
    }
    // What left at the begin, or is not there yet at the end.
    let dropped =
      window.first.map { first in seconds.partition { $0.second >= first.first } } ?? seconds.count
    let kept = max(dropped, window.last.map { last in seconds.partition { $0.second > last.second } } ?? 0)
    var (begin, place) = (dropped, window.startIndex)
    if hasGrown, kept > dropped, kept - dropped <= window.count,
      seconds[dropped].second == window[place].second,
      seconds[kept - 1].second == window[place + kept - dropped - 1].second
    {
      (begin, place) = (kept, place + kept - dropped)
    }
    while begin < kept, place < window.endIndex, isSame(begin, place) {
      begin += 1
      place += 1
    }
    var (end, last) = (kept, window.endIndex)
    while end > begin, last > place, isSame(end - 1, last - 1) {
      end -= 1
      last -= 1
    }
    if begin == dropped, end == kept {
      // Nothing in common.
      if seconds.isEmpty, place == last { return }
      // Where they are all zero, what is known of them stays.
      if whole.seconds > 0 { self = WindowSums() } else { seconds = [] }
      for place in window.startIndex..<window.endIndex {
        seconds.append(Second(window[place]))
        add(seconds[seconds.count - 1])
      }
      return
    }
    for index in (kept..<seconds.count).reversed() { subtract(seconds[index]) }
    seconds.removeLast(seconds.count - kept)
    for index in begin..<end { subtract(seconds[index]) }
    let added = (place..<last).map { Second(window[$0]) }
    for second in added { add(second) }
    seconds.replaceSubrange(begin..<end, with: added)
    for index in 0..<dropped { subtract(seconds[index]) }
    seconds.removeFirst(dropped)
  }

  private mutating func add(_ second: Second) {
    guard !second.series.isEmpty else { return }
    while counts.count <= Int(second.series.greatest) {
      counts.append(Counts())
      latencies.append(BucketCounts())
    }
    wholeLatency += second.latency
    change(by: second, { $0.add($1) }, { $0.add($1) })
  }

  private mutating func subtract(_ second: Second) {
    if second.series.isEmpty { return }
    wholeLatency -= second.latency
    change(by: second, { $0.subtract($1) }, { $0.subtract($1) })
  }

  /// Counts each of a second's functions in, or out, for itself and for all together, whose latencies are counted already.
  private mutating func change(
    by second: Second, _ count: (inout Counts, SeriesDelta) -> Void,
    _ take: (inout BucketCounts, ArraySlice<UInt32>) -> Void
  ) {
    var changed: [Int32] = []
    changed.reserveCapacity(second.series.count)
    second.series.forEach { delta in
      let number = Int(delta.series)
      changed.append(delta.series)
      count(&counts[number], delta)
      count(&whole, delta)
      if delta.unavailable > 0 {
        if counts[number].unavailable > 0 {
          unavailable.insert(delta.series)
        } else {
          unavailable.remove(delta.series)
        }
      }
      if delta.packedLatencies.isEmpty { return }
      take(&latencies[number], delta.packedLatencies)
      counts[number].note(latencies[number])
    }
    whole.note(wholeLatency)
    changes.note(changed)
  }
}
