import GenAPITelemetry

extension ClusterModel {
  /// Four bands a decade, from 100 µs to 100 s; below and above are in the first and the last.
  static let bandBounds: [Int64] = [0] + (8...32).map { Int64(Latency.pow10(Double($0) / 4).rounded()) }

  /// Latencies of the scope over the window, in `slots` time slots, oldest first.
  public func latency(_ settings: ViewSettings, slots: Int) -> LatencyView {
    let slots = max(1, slots)
    let key = ViewCache.Key(revision: revision, settings: settings, slots: slots)
    if let cached = cache.latency.first(where: { $0.key == key }) { return cached.view }
    var view = LatencyView()
    view.scope = settings.latencyScope
    view.windowSeconds = settings.window.seconds
    view.bandBounds = Self.bandBounds
    var perSlot = [LatencyHistogram](repeating: LatencyHistogram(), count: slots)
    var staleTargets = 0
    var shownTargets = 0
    for target in targets where settings.filter.matchesGateway(target.name) {
      shownTargets += 1
      if isStale(target, settings) { staleTargets += 1 }
      let history = target.history
      let wanted = Set(
        history.functions.indices.filter { settings.includes(history.functions[$0]) }.map { Int32($0) })
      let end = second(settings, target)
      for sample in history.window(endingAt: end, length: settings.window.seconds) {
        let slot = slots - 1 - min(slots - 1, Int(end - sample.second) * slots / settings.window.seconds)
        for delta in sample.series where wanted.contains(delta.series) { delta.unpack(into: &perSlot[slot]) }
      }
    }
    var whole = LatencyHistogram()
    for histogram in perSlot { whole += histogram }
    view.slots = perSlot.map { histogram in
      LatencyView.Slot(
        p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99),
        bands: Latency.bands(histogram, Self.bandBounds))
    }
    view.histogram = Latency.bands(whole, Self.bandBounds)
    view.count = whole.count
    view.p50 = whole.quantile(0.5)
    view.p95 = whole.quantile(0.95)
    view.p99 = whole.quantile(0.99)
    view.max = whole.highest
    view.isStale = shownTargets > 0 && staleTargets == shownTargets
    cache.latency.removeAll { $0.key.revision != revision || $0.key.slots == slots }
    if cache.latency.count > 4 { cache.latency.removeFirst() }
    cache.latency.append((key, view))
    return view
  }
}

enum Latency {
  static func pow10(_ exponent: Double) -> Double {
    // Exact for the quarters that are asked for.
    let whole = Int(exponent)
    let quarter = [1, 1.7782794100389228, 3.1622776601683795, 5.623413251903491][
      Int((exponent - Double(whole)) * 4)]
    return (0..<whole).reduce(quarter) { value, _ in value * 10 }
  }

  static func bands(_ histogram: LatencyHistogram, _ bounds: [Int64]) -> [Int64] {
    var bands = [Int64](repeating: 0, count: bounds.count)
    var band = 0
    for (bucket, count) in histogram.buckets {
      let value = LatencyHistogram.representative(of: bucket)
      while band + 1 < bounds.count, value >= bounds[band + 1] { band += 1 }
      bands[band] += count
    }
    return bands
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
