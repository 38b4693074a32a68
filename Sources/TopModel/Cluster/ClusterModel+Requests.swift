import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a function, over all gateways, sorted as the settings say.
  package func requests(_ settings: ViewSettings) -> [RequestRow] {
    sums(settings).list.map { $0.row(settings) }.sorted { settings.precedes($0, $1) }
  }

  /// - Parameter group: what a function of a gateway is added up by; nil for each by itself.
  func sums(
    _ settings: ViewSettings, by group: ((SeriesState, TargetModel) -> FunctionSums.Group)? = nil
  ) -> FunctionSums {
    var sums = FunctionSums()
    // A silent gateway's last numbers stand for a function only where no other gateway tells of it: added to live ones they
    // would be a rate that nobody has.
    for (target, scope) in liveFirst(scoped(settings), settings, { $0.target }) {
      add(target, scope, settings, to: &sums, by: group)
    }
    return sums
  }

  private func add(
    _ target: TargetModel, _ scope: NodeScope, _ settings: ViewSettings, to sums: inout FunctionSums,
    by group: ((SeriesState, TargetModel) -> FunctionSums.Group)?
  ) {
    let history = target.history
    let end = second(settings, target)
    let stale = isStale(target, settings)
    let length = settings.window.seconds
    // Rates are over the time that was watched, when that is shorter than the window.
    let watched = history.watchedSeconds(endingAt: end, length: length)
    let slots = min(30, length)
    let isAll = settings.filter.isEmpty && scope.isWhole
    /// By number of a function its place among the sums; -1 for one that is not added.
    var places = [Int](repeating: -1, count: history.functions.count)
    let (moment, name) = (moment(settings), target.name)
    for number in history.functions.indices
    where isAll || includes(history.functions[number], scope, settings) {
      let key = history.functionKeys[number]
      let place: Int
      // No closure of one or the other: it would be memory of its own for each function.
      if let group {
        place = sums.place(of: group(history.functions[number], target), function: key, slots: slots)
      } else {
        place = sums.place(of: key) { FunctionSum(history.functions[number], slots: slots) }
      }
      if !stale || sums.list[place].isStale { places[number] = place }
      sums.list[place].meet(history.functions[number], of: name, stale: stale, until: moment)
    }
    // What lies in no second that was kept is not zero, but unknown.
    var known = [Bool](repeating: false, count: slots)
    for sample in history.window(endingAt: end, length: length) {
      let slot = slots - 1 - min(slots - 1, Int(end - sample.second) * slots / length)
      known[slot] = !target.state.unknown.contains(.series)
      for index in sample.series.indices {
        let place = places[Int(sample.series[index].series)]
        guard place >= 0 else { continue }
        sums.list[place].trend[slot] += Double(sample.series[index].started)
        if sample.second == end { sums.list[place].inFlight += Int64(sample.series[index].inFlight) }
      }
    }
    history.sums(endingAt: end, length: length) { window in
      for (number, place) in places.enumerated() where place >= 0 && number < window.functions.count {
        sums.list[place].add(window.functions[number], watchedSeconds: watched)
      }
    }
    let isKept = isKept(target, settings) && !target.state.unknown.contains(.series)
    for place in places where place >= 0 {
      sums.list[place].know(known, isKept: isKept)
      sums.list[place].trendScale = Double(slots) / Double(length)
    }
  }

  private func includes(_ function: SeriesState, _ scope: NodeScope, _ settings: ViewSettings) -> Bool {
    settings.filter.matches(
      service: function.service, requestType: function.requestType, version: function.version, node: nil)
      && scope.includes(service: function.service, requestType: function.requestType)
  }
}
