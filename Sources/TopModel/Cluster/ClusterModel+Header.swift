extension ClusterModel {
  package func header(_ settings: ViewSettings) -> HeaderView {
    var view = HeaderView()
    view.targets = targets.map(\.view)
    view.nodesTotal = gateways.count
    view.nodesUp = gateways.count { !isStale($0, settings) }
    view.lost = gateways.reduce(0) { $0 + $1.lost }
    view.cut = gateways.reduce(0) { Bounds.count($0 + $1.cut) }
    view.at = moment(settings)
    view.isPaused = settings.moment != .live
    if settings.moment != .live { view.secondsBack = Int(max(0, now - view.at) / 1_000_000) }
    view.firingAlerts = alerts.firingCount
    view.narrowsToServiceNodes = settings.filter.namesNodes && scoped(settings).contains { !$0.scope.isWhole }
    view.oldestAt = gateways.compactMap(\.history.samples.first?.second).min().map { $0 * 1_000_000 }
    var trend = [Double](repeating: 0, count: 60)
    for target in gateways where !isStale(target, settings) {
      let end = second(settings, target)
      for sample in target.history.window(endingAt: end, length: 60) {
        let requests = sample.series.reduce(0) { $0 + Double($1.started) }
        let place = 59 - Int(end - sample.second)
        trend[place] += requests
        if sample.second == end { view.eventsPerSecond += Double(sample.events) }
      }
    }
    view.requestsPerSecond = trend[59]
    if let oldestAt = view.oldestAt {
      // What lies before the first second that was watched is not zero, but unknown.
      let known = max(1, min(60, view.at / 1_000_000 - oldestAt / 1_000_000))
      for place in 0..<(60 - Int(known)) { trend[place] = -1 }
    }
    view.trend = trend
    return view
  }
}
