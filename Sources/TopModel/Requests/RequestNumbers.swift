import GenAPITelemetry

/// What functions are sorted by, and how bad each is, as their rows have it: by place, without making rows.
struct RequestNumbers {
  /// By place: what is compared, below zero where it is not known; and what is compared then.
  private(set) var first: [Double]
  private(set) var second: [Double]
  /// By place: `RequestRow.trouble`; below zero for what only gateways told that are not heard.
  private(set) var trouble: [Int]

  init(_ names: RequestNames, _ sources: [RequestSource], sort: RequestSort) {
    let count = names.list.count
    first = [Double](repeating: 0, count: count)
    second = first
    trouble = [Int](repeating: 0, count: count)
    var inFlight: [Int64] = []
    if sort == .inFlight { inFlight = Self.inFlight(names, sources) }
    for place in 0..<count {
      let sum = Sum(names.parts(of: place), sources)
      trouble[place] = sum.trouble(isUnsupported: names.list[place].service == RequestRow.unsupported)
      switch sort {
      case .worst: (first[place], second[place]) = (Double(max(0, trouble[place])), sum.rate)
      case .rate: first[place] = sum.isKept ? sum.rate : -1
      case .errors: (first[place], second[place]) = (sum.hasEnded ? sum.errorPercent : -1, sum.rate)
      case .rejected: (first[place], second[place]) = (sum.hasEnded ? sum.rejectedPercent : -1, sum.rate)
      // Nothing that is of functions: all alike.
      case .failovers: (first[place], second[place]) = (-1, sum.rate)
      case .inFlight: first[place] = sum.isKept ? Double(max(0, inFlight[place])) : -1
      case .p50, .p95, .p99, .max:
        first[place] = Self.latency(names.parts(of: place), sources, sort).map { Double($0) } ?? -1
      case .service, .type: break
      }
    }
  }

  private static func inFlight(_ names: RequestNames, _ sources: [RequestSource]) -> [Int64] {
    var found = [Int64](repeating: 0, count: names.list.count)
    // Which gateways count is decided a function: a silent one only where no other tells.
    var isLive = [Bool](repeating: false, count: names.list.count)
    for (index, source) in sources.enumerated() where !source.isStale {
      for place in names.places[index] where place >= 0 { isLive[Int(place)] = true }
    }
    for (index, source) in sources.enumerated() {
      source.eachInFlight { number, count in
        let place = Int(names.places[index][number])
        if place >= 0, !source.isStale || !isLive[place] { found[place] += count }
      }
    }
    return found
  }

  private static func latency(
    _ parts: ArraySlice<RequestNames.Part>, _ sources: [RequestSource], _ sort: RequestSort
  ) -> Int64? {
    var latency = BucketCounts()
    Sum.eachCounted(parts, sources) { sum, _ in latency += sum.latency }
    switch sort {
    case .p50: return latency.quantile(0.5)
    case .p95: return latency.quantile(0.95)
    case .p99: return latency.quantile(0.99)
    default: return latency.highest
    }
  }

  /// One function over all gateways; of its latencies only how many are slow.
  private struct Sum {
    var rate = 0.0
    var finished: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var ran: Int64 = 0
    var slow: Int64 = 0
    var isStale = true
    var isKept = false

    init(_ parts: ArraySlice<RequestNames.Part>, _ sources: [RequestSource]) {
      for part in parts {
        let index = Int(part.source)
        // Those that tell something now stand first.
        if sources[index].isStale, !isStale { break }
        isStale = isStale && sources[index].isStale
        isKept = isKept || sources[index].isKept
        let number = Int(part.number)
        guard number < sources[index].sums.functions.count else { continue }
        rate += Double(sources[index].sums.functions[number].started) / sources[index].watched
        finished += sources[index].sums.functions[number].finished
        failed += sources[index].sums.functions[number].failed
        rejected += sources[index].sums.functions[number].rejected
        ran += sources[index].sums.functions[number].latency.count
        slow += sources[index].sums.functions[number].latency.slow
      }
    }

    /// The sums that count: those of gateways that tell something now, or all where none does.
    static func eachCounted(
      _ parts: ArraySlice<RequestNames.Part>, _ sources: [RequestSource],
      _ body: (WindowSums.Sum, RequestSource) -> Void
    ) {
      var isLive = false
      for part in parts {
        let source = sources[Int(part.source)]
        if source.isStale, isLive { return }
        isLive = isLive || !source.isStale
        if Int(part.number) < source.sums.functions.count {
          body(source.sums.functions[Int(part.number)], source)
        }
      }
    }

    private func percent(_ part: Int64) -> Double {
      finished == 0 ? 0 : Double(part) * 100 / Double(finished)
    }

    var errorPercent: Double { percent(failed) }
    var rejectedPercent: Double { percent(rejected) }

    /// As `RequestRow.hasEnded`, of one of which something was kept.
    var hasEnded: Bool { isKept && (ran > 0 || failed > 0 || rejected > 0) }

    /// As `RequestRow.trouble`; below zero for what is stale.
    func trouble(isUnsupported: Bool) -> Int {
      if isStale { return -1 }
      if !isKept { return 0 }
      if isUnsupported { return failed > 0 ? RequestRow.unsupportedTrouble : 0 }
      return RequestRow.trouble(
        errorPercent: errorPercent, rejectedPercent: rejectedPercent,
        // The p99 is slow where fewer than it needs are not.
        isSlow: ran > 0 && ran - slow < BucketCounts.rank(0.99, of: ran))
    }
  }
}
