extension ClusterModel {
  public func header(_ settings: ViewSettings) -> HeaderView {
    var view = HeaderView()
    view.targets = targets.map(\.view)
    view.nodesTotal = targets.count
    view.nodesUp = targets.count { !isStale($0, settings) }
    view.lost = targets.reduce(0) { $0 + $1.lost }
    view.at = moment(settings)
    view.isPaused = settings.moment != .live
    if settings.moment != .live { view.secondsBack = Int(max(0, now - view.at) / 1_000_000) }
    view.firingAlerts = alerts.firingCount
    var trend = [Double](repeating: 0, count: 60)
    for target in targets where !isStale(target, settings) {
      let end = second(settings, target)
      for sample in target.history.window(endingAt: end, length: 60) {
        let requests = sample.series.reduce(0) { $0 + Double($1.started) }
        let place = 59 - Int(end - sample.second)
        trend[place] += requests
        if sample.second == end { view.eventsPerSecond += Double(sample.events) }
      }
    }
    view.trend = trend
    view.requestsPerSecond = trend[59]
    return view
  }
}
