import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Latencies of the scope's requests that ran, over the window, in `slots` time slots, oldest first.
  ///
  /// - Parameter rows: how many bands can be shown; they are as fine as fits.
  package func latency(_ settings: ViewSettings, slots: Int, rows: Int = 20) -> LatencyView {
    let slots = max(1, slots)
    var view = LatencyView()
    view.scope = settings.latencyScope
    view.windowSeconds = settings.window.seconds
    var perSlot = [LatencyHistogram](repeating: LatencyHistogram(), count: slots)
    var staleTargets = 0
    var shownTargets = 0
    let scoped = scoped(settings)
    let isAnyLive = scoped.contains { !isStale($0.target, settings) }
    for (target, scope) in scoped {
      shownTargets += 1
      if isStale(target, settings) {
        staleTargets += 1
        // Old latencies are none of those that the others have now.
        if isAnyLive { continue }
      }
      let history = target.history
      let end = second(settings, target)
      view.endSecond = max(view.endSecond, end)
      let length = settings.window.seconds
      func slot(_ second: Int64) -> Int { slots - 1 - min(slots - 1, Int(end - second) * slots / length) }
      if settings.filter.isEmpty, settings.latencyScope == .all, scope.isWhole {
        history.sums(endingAt: end, length: length) { window in
          for second in window.seconds { second.latency.unpack(into: &perSlot[slot(second.second)]) }
          view.refused += window.whole.rejected
        }
        continue
      }
      let wanted = Set(
        history.functions.indices.filter { index in
          let function = history.functions[index]
          return settings.includes(function)
            && scope.includes(service: function.service, requestType: function.requestType)
        }.map { Int32($0) })
      for sample in history.window(endingAt: end, length: length) {
        let slot = slot(sample.second)
        for delta in sample.series where wanted.contains(delta.series) {
          delta.unpack(into: &perSlot[slot])
          view.refused += Int64(delta.rejected)
        }
      }
    }
    var whole = LatencyHistogram()
    for histogram in perSlot { whole += histogram }
    let bands = LatencyBands.fitting(whole, rows: rows)
    view.bandBounds = bands.bounds
    view.slots = perSlot.map { histogram in
      LatencyView.Slot(
        p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99),
        bands: bands.counts(of: histogram))
    }
    view.histogram = bands.counts(of: whole)
    view.count = whole.count
    view.p50 = whole.quantile(0.5)
    view.p95 = whole.quantile(0.95)
    view.p99 = whole.quantile(0.99)
    view.max = whole.highest
    view.isStale = shownTargets > 0 && staleTargets == shownTargets
    return view
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
      guard let first = samples.first, let last = samples.last else {
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

extension ViewSettings {
  fileprivate func includes(_ function: SeriesState) -> Bool {
    guard
      filter.matches(
        service: function.service, requestType: function.requestType, version: function.version, node: nil)
    else { return false }
    switch latencyScope {
    case .all: return true
    case .service(let service): return function.service == service
    case .function(let service, let requestType):
      return function.service == service && function.requestType == requestType
    }
  }
}
