import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Latencies of the scope's requests that ran, over the window, in `slots` time slots, oldest first.
  ///
  /// - Parameters:
  ///   - rows: how many bands can be shown; they are as fine as fits.
  ///   - isAligned: each slot has its own seconds for good, rather than those of an age.
  ///   - durations: latencies of which bands begin and end, however many bands there are then.
  package func latency(
    _ settings: ViewSettings, slots: Int, rows: Int = 20, isAligned: Bool = false,
    keeping durations: Range<Int64>? = nil
  ) -> LatencyView {
    let slots = max(1, slots)
    let length = settings.window.seconds
    var view = LatencyView()
    if isAligned { view.slotSeconds = Int64((length + slots - 1) / slots) }
    view.scope = settings.latencyScope
    view.windowSeconds = settings.window.seconds
    let scoped = scoped(settings)
    let stale = scoped.map { isStale($0.target, settings) }
    let isAnyLive = stale.contains(false)
    view.isStale = !scoped.isEmpty && !isAnyLive
    // Old latencies are none of those that the others have now.
    view.endSecond = zip(scoped, stale).reduce(0) {
      isAnyLive && $1.1 ? $0 : max($0, second(settings, $1.0.target))
    }
    // The first is of what is in the window and older than all slots.
    var perSlot = [BucketCounts](repeating: BucketCounts(), count: slots + 1)
    // Of a coarse step each of its seconds has the same latencies, to tenths: what few of its requests came to one says nothing.
    var tenths: [BucketCounts]?
    // Of gateways that rest there is nothing to add up.
    let sources = resting(settings) == nil ? scoped.map { requestSource($0.target, settings) } : []
    let isAll = settings.filter.isEmpty && settings.latencyScope == .all && scoped.allSatisfy(\.scope.isWhole)
    let meant = isAll || sources.isEmpty ? nil : measured(scoped.map(\.scope), sources, settings)
    for (index, source) in sources.enumerated() {
      if source.isStale, isAnyLive { continue }
      func slot(_ second: Int64) -> Int {
        guard let step = view.slotSeconds else {
          return 1 + source.slot(of: second, slots: slots, length: length)
        }
        let back = LatencyView.step(view.endSecond, step).saturatingSubtract(LatencyView.step(second, step))
        return max(0, slots - Int(clamping: max(0, back)))
      }
      let numbers = meant?[index]
      view.refused +=
        numbers?.reduce(0) { $0 + source.sums.counts(of: $1).rejected } ?? source.sums.whole.rejected
      // Of a hundred gateways few do anything.
      if source.sums.whole.ran == 0 { continue }
      for second in source.sums.seconds {
        let latency = numbers.map { second.latency(of: $0) } ?? second.latency
        // A coarse step may lie in several parts of the window, or begin before it does.
        let begin = source.end - Int64(length)
        if second.first > begin, slot(second.first) == slot(second.second) {
          perSlot[slot(second.second)] += latency
          tenths?[slot(second.second)] += latency.times(10)
          continue
        }
        if tenths == nil { tenths = perSlot.map { $0.times(10) } }
        let each = latency.times(max(1, 10 / second.span))
        for part in 0..<second.span where second.first + Int64(part) > begin {
          let place = slot(second.first + Int64(part))
          perSlot[place] += latency.share(from: part, to: part + 1, of: second.span)
          tenths?[place] += each
        }
      }
    }
    var whole = BucketCounts()
    for histogram in perSlot { whole += histogram }
    let bands = LatencyBands.fitting(whole, rows: rows, keeping: durations)
    view.bandBounds = bands.bounds
    view.slots = zip(perSlot, tenths ?? perSlot).dropFirst().map { histogram, shape in
      LatencyView.Slot(
        p50: shape.quantile(0.5), p95: shape.quantile(0.95), p99: shape.quantile(0.99),
        bands: bands.counts(of: histogram))
    }
    view.histogram = bands.counts(of: whole)
    view.count = whole.count
    view.p50 = whole.quantile(0.5)
    view.p95 = whole.quantile(0.95)
    view.p99 = whole.quantile(0.99)
    view.max = whole.highest
    return view
  }

  /// By source the numbers of the functions whose latencies are meant, in their order.
  private func measured(_ scopes: [NodeScope], _ sources: [RequestSource], _ settings: ViewSettings)
    -> [[Int]]
  {
    func names() -> RequestGroupNames {
      RequestGroupNames(sources) { source, index, number in
        let function = source.functions[number]
        return settings.isMeasured(function)
          && scopes[index].includes(service: function.service, requestType: function.requestType)
          ? .init(name: "") : nil
      }
    }
    func numbers(_ names: RequestGroupNames) -> [[Int]] {
      names.parts.places.map { own in own.indices.filter { own[$0] >= 0 } }
    }
    // What service nodes run comes and goes without a word.
    guard scopes.allSatisfy(\.isWhole) else { return numbers(names()) }
    let key = KeptTotals.Key(
      subject: .latencies(settings.latencyScope), filter: settings.filter, length: settings.window.seconds)
    return keptTotals.look(key, sources, at: now, make: names) { names, _ in numbers(names) }
  }
}

extension ClusterModel {
  /// By gateway the time in which ended what it counted in these seconds, in microseconds since the Unix epoch: a gateway tells of a second
  /// when it is over, and begins it when it likes. Of one of which nothing was kept they are the seconds and the one before.
  package func countedSpans(_ seconds: ClosedRange<Int64>) -> [ByteText: ClosedRange<Int64>] {
    var spans: [ByteText: ClosedRange<Int64>] = [:]
    for target in gateways {
      let length = Int(clamping: seconds.upperBound.saturatingSubtract(seconds.lowerBound).saturatingAdd(1))
      let samples = target.history.window(endingAt: seconds.upperBound, length: length).filter {
        $0.watched > 0
      }
      // Of a coarse step it is not known better than its seconds are.
      guard let first = samples.first, let last = samples.last, first.span == 1, last.span == 1 else {
        let begin = seconds.lowerBound.saturatingSubtract(1).saturatingMultiply(1_000_000)
        spans[target.name] =
          begin...max(begin, seconds.upperBound.saturatingAdd(1).saturatingMultiply(1_000_000) - 1)
        continue
      }
      let begin = first.until.saturatingSubtract(Int64(first.watched * 1_000_000)).saturatingAdd(1)
      spans[target.name] = min(begin, last.until)...last.until
    }
    return spans
  }
}

extension WindowSums.Second {
  /// Of some functions, by rising number.
  fileprivate func latency(of numbers: [Int]) -> BucketCounts {
    var sum = BucketCounts()
    // Looking one up takes as long as going past some twenty.
    if numbers.count * 20 < series.count {
      for number in numbers {
        if let delta = series.delta(of: number) { sum.add(delta.packedLatencies) }
      }
      return sum
    }
    var next = 0
    series.forEach { delta in
      while next < numbers.count, numbers[next] < Int(delta.series) { next += 1 }
      if next < numbers.count, numbers[next] == Int(delta.series) { sum.add(delta.packedLatencies) }
    }
    return sum
  }
}

extension ViewSettings {
  /// Whether a function is in the scope of the latencies, and the filter means it.
  fileprivate func isMeasured(_ function: SeriesState) -> Bool {
    guard includes(function) else { return false }
    switch latencyScope {
    case .all: return true
    case .service(let service): return function.service == service
    case .function(let service, let requestType):
      return function.service == service && function.requestType == requestType
    }
  }
}
