import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a function, over all gateways, sorted as the settings say.
  package func requests(_ settings: ViewSettings) -> [RequestRow] {
    Array(RequestIndexes().rows(self, settings))
  }

  /// What rows of functions are made of, of one gateway.
  func requestSource(_ target: TargetModel, _ settings: ViewSettings) -> RequestSource {
    let key = RequestSource.Key(model: stamp, now: now, moment: settings.moment, window: settings.window)
    return target.history.kept.source(key) { newRequestSource(target, settings) }
  }

  private func newRequestSource(_ target: TargetModel, _ settings: ViewSettings) -> RequestSource {
    let end = second(settings, target)
    let length = settings.window.seconds
    let isCounted = !target.state.unknown.contains(.series)
    var sums = WindowSums()
    target.history.sums(endingAt: end, length: length) { sums = $0 }
    // Rates are over the time that was watched, when that is shorter than the window.
    let watched = target.history.watchedSeconds(endingAt: end, length: length)
    return RequestSource(
      name: target.name, isStale: isStale(target, settings),
      isKept: isKept(target, settings) && isCounted && watched >= TargetHistory.leastWatched,
      isCounted: isCounted, end: end, watched: watched,
      functions: target.history.functions, keys: target.history.functionKeys,
      namesStamp: target.history.namesStamp, sums: sums)
  }
}

extension ViewSettings {
  /// Whether the filter means a function.
  func includes(_ function: SeriesState) -> Bool {
    filter.isEmpty
      || filter.matches(
        service: function.service, requestType: function.requestType, version: function.version, node: nil)
  }
}
