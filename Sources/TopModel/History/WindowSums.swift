import DequeModule

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

    fileprivate mutating func add(_ delta: SeriesDelta) {
      started += Int64(delta.started)
      finished += delta.finished
      failed += Int64(delta.failed)
      rejected += Int64(delta.rejected)
      unavailable += Int64(delta.unavailable)
      retries += Int64(delta.retries)
      latency.add(delta.packedLatencies)
      seconds += 1
    }

    fileprivate mutating func subtract(_ delta: SeriesDelta) {
      started -= Int64(delta.started)
      finished -= delta.finished
      failed -= Int64(delta.failed)
      rejected -= Int64(delta.rejected)
      unavailable -= Int64(delta.unavailable)
      retries -= Int64(delta.retries)
      latency.subtract(delta.packedLatencies)
      seconds -= 1
    }
  }

  /// By number of a function; those after the last did nothing.
  private(set) var functions: [Sum] = []
  /// All functions together.
  private(set) var whole = Sum()
  /// What is added up, oldest first. The lists are held, so that one that lies where another did is that one.
  private var seconds: Deque<(second: Int64, series: [SeriesDelta])> = []

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
      window[place].series.isSame(as: seconds[kept].series)
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
        add(window[index].series)
        seconds.prepend((window[index].second, window[index].series))
      }
    }
    while place < window.endIndex {
      add(window[place].series)
      seconds.append((window[place].second, window[place].series))
      place += 1
    }
  }

  private mutating func add(_ series: [SeriesDelta]) {
    for delta in series {
      let number = Int(delta.series)
      while functions.count <= number { functions.append(Sum()) }
      functions[number].add(delta)
      whole.add(delta)
    }
  }

  private mutating func subtract(_ series: [SeriesDelta]) {
    for delta in series {
      functions[Int(delta.series)].subtract(delta)
      whole.subtract(delta)
    }
  }

  private mutating func removeFirst() { subtract(seconds.removeFirst().series) }

  private mutating func removeLast() { subtract(seconds.removeLast().series) }
}

extension Array where Element == SeriesDelta {
  /// Whether both are the same memory.
  fileprivate func isSame(as other: [SeriesDelta]) -> Bool {
    withUnsafeBufferPointer { mine in
      other.withUnsafeBufferPointer {
        mine.count == $0.count && (mine.isEmpty || mine.baseAddress == $0.baseAddress)
      }
    }
  }
}
