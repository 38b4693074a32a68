/// Ends of requests with one thing in common, counted.
struct EndTally {
  private(set) var requests = 0
  private(set) var failed = 0
  private(set) var refused = 0
  /// Microseconds, of those that ran.
  private var durations: [Int64] = []

  mutating func add(_ end: EndedRequest) {
    requests += 1
    if end.isRefused {
      refused += 1
    } else if end.isFailed {
      failed += 1
    }
    if let duration = end.duration { durations.append(duration) }
  }

  /// Puts what they took into its order, once.
  var latencies: Latencies { Latencies(sorted: durations.sorted()) }

  struct Latencies {
    fileprivate let sorted: [Int64]

    /// nil when none ran.
    func quantile(_ fraction: Double) -> Int64? {
      guard !sorted.isEmpty else { return nil }
      let rank = max(1, Int((fraction * Double(sorted.count)).rounded(.up)))
      return sorted[min(rank, sorted.count) - 1]
    }

    var slowest: Int64? { sorted.last }
  }
}
