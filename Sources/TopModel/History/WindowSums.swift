import DequeModule
import GenAPITelemetry

/// What each function of a gateway did in a window, kept up: a second that comes is added, one that leaves is taken back, and
/// nothing in between is gone through again.
struct WindowSums {
  /// Of one function.
  struct Sum: Equatable {
    var started: Int64 = 0
    var finished: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var unavailable: Int64 = 0
    var retries: Int64 = 0
    var latency = BucketCounts()
    /// In how many seconds it did something or had requests under way.
    var seconds = 0

    /// - Parameter hasLatency: false for the sum of many, whose latencies are added up by themselves.
    fileprivate mutating func add(_ delta: SeriesDelta, hasLatency: Bool = true) {
      started += Int64(delta.started)
      finished += delta.finished
      failed += Int64(delta.failed)
      rejected += Int64(delta.rejected)
      unavailable += Int64(delta.unavailable)
      retries += Int64(delta.retries)
      if hasLatency { latency.add(delta.packedLatencies) }
      seconds += 1
    }

    static func += (sum: inout Sum, other: Sum) {
      sum.started += other.started
      sum.finished += other.finished
      sum.failed += other.failed
      sum.rejected += other.rejected
      sum.unavailable += other.unavailable
      sum.retries += other.retries
      sum.latency += other.latency
      sum.seconds += other.seconds
    }

    fileprivate mutating func subtract(_ delta: SeriesDelta, hasLatency: Bool = true) {
      started -= Int64(delta.started)
      finished -= delta.finished
      failed -= Int64(delta.failed)
      rejected -= Int64(delta.rejected)
      unavailable -= Int64(delta.unavailable)
      retries -= Int64(delta.retries)
      if hasLatency { latency.subtract(delta.packedLatencies) }
      seconds -= 1
    }
  }

  /// By number of a function; those after the last did nothing.
  private(set) var functions: [Sum] = []
  /// All functions together.
  private(set) var whole = Sum()
  /// What is added up, oldest first.
  private(set) var seconds: Deque<Second> = []
  /// Another one whenever a sum is: seconds in which nothing happened come and go without.
  private(set) var stamp = Stamp()

  /// A second, with the latencies of all its functions.
  struct Second {
    var second: Int64
    /// Held, so that a list that lies where this one does is this one.
    fileprivate(set) var series: [SeriesDelta]
    var latency: BucketCounts

    fileprivate init(_ sample: SecondSample) {
      second = sample.second
      series = sample.series
      latency = BucketCounts()
      for index in series.indices { latency.add(series[index].packedLatencies) }
    }
  }

  /// Of one function.
  subscript(number: Int) -> Sum { number < functions.count ? functions[number] : Sum() }

  /// Makes these the sums of a window of the same gateway's history, whatever they were of.
  mutating func follow(_ window: Slice<Deque<SecondSample>>) {
    guard let first = window.first, let last = window.last else { return self = WindowSums() }
    while let oldest = seconds.first, oldest.second < first.second { removeFirst() }
    while let newest = seconds.last, newest.second > last.second { removeLast() }
    var place = window.startIndex
    if let oldest = seconds.first {
      while place < window.endIndex, window[place].second < oldest.second { place += 1 }
    }
    let before = window.startIndex..<place
    var kept = 0
    while kept < seconds.count, place < window.endIndex, window[place].second == seconds[kept].second,
      window[place].series.shares(seconds[kept].series)
    {
      kept += 1
      place += 1
    }
    // From the first second on that is another now.
    while seconds.count > kept { removeLast() }
    if seconds.isEmpty {
      self = WindowSums()
      place = window.startIndex
    } else {
      for index in before.reversed() {
        seconds.prepend(Second(window[index]))
        add(seconds[0])
      }
    }
    while place < window.endIndex {
      seconds.append(Second(window[place]))
      add(seconds[seconds.count - 1])
      place += 1
    }
  }

  private mutating func add(_ second: Second) {
    guard let last = second.series.last else { return }
    stamp = Stamp()
    while functions.count <= Int(last.series) { functions.append(Sum()) }
    for delta in second.series {
      functions[Int(delta.series)].add(delta)
      whole.add(delta, hasLatency: false)
    }
    whole.latency += second.latency
  }

  private mutating func subtract(_ second: Second) {
    if second.series.isEmpty { return }
    stamp = Stamp()
    for delta in second.series {
      functions[Int(delta.series)].subtract(delta)
      whole.subtract(delta, hasLatency: false)
    }
    whole.latency -= second.latency
  }

  private mutating func removeFirst() { subtract(seconds.removeFirst()) }

  private mutating func removeLast() { subtract(seconds.removeLast()) }
}
