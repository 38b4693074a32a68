/// The names and orders of functions that were made last, for as long as nothing changes in what they are made of.
final class RequestIndexes {
  private struct NamesKey: Equatable {
    var filter: FilterExpression
    var sources: [Stamp]
  }

  private var names: (key: NamesKey, names: RequestNames)?
  private var order: (key: RequestOrder.Key, order: RequestOrder)?
  /// Of a filter that means service nodes, whose functions come and go without a word.
  private var scoped: (revision: Int64, settings: ViewSettings, rows: RequestRows)?
  /// How many were made: of things that stay the same none.
  private(set) var ordersMade = 0
  private(set) var namesMade = 0

  /// As `ClusterModel.requests`, with rows that are made when they are asked for.
  func rows(_ model: ClusterModel, _ settings: ViewSettings) -> RequestRows {
    if let scoped, scoped.revision == model.revision, scoped.settings == settings { return scoped.rows }
    let parts = model.liveFirst(model.scoped(settings), settings) { $0.target }
    let sources = parts.map { model.requestSource($0.target, settings) }
    let isWhole = parts.allSatisfy(\.scope.isWhole)
    let names = isWhole ? names(sources, settings) : make(sources, parts.map(\.scope), settings)
    let key = RequestOrder.Key(
      names: ObjectIdentifier(names), sort: settings.requestSort, isReversed: settings.isSortReversed,
      sources: sources.map(\.signature), ends: settings.requestSort == .inFlight ? sources.map(\.end) : [])
    if order?.key != key {
      let before = order?.order
      order = (key, RequestOrder(names, sources, settings, before: before))
      ordersMade += 1
    }
    guard let order = order?.order else { return RequestRows() }
    let rows = RequestRows(
      RequestRows.Recipe(order: order, sources: sources, settings: settings, until: model.moment(settings)))
    scoped = isWhole ? nil : (model.revision, settings, rows)
    return rows
  }

  private func names(_ sources: [RequestSource], _ settings: ViewSettings) -> RequestNames {
    let key = NamesKey(filter: settings.filter, sources: sources.map(\.namesStamp))
    if let names, names.key == key { return names.names }
    let made = make(sources, nil, settings)
    names = (key, made)
    return made
  }

  /// - Parameter scopes: what of each source is meant; nil for all.
  private func make(_ sources: [RequestSource], _ scopes: [NodeScope]?, _ settings: ViewSettings)
    -> RequestNames
  {
    namesMade += 1
    let filter = settings.filter
    return RequestNames(sources) { source, number in
      let function = sources[source].functions[number]
      return
        (filter.isEmpty
        || filter.matches(
          service: function.service, requestType: function.requestType, version: function.version, node: nil))
        && scopes?[source].includes(service: function.service, requestType: function.requestType) ?? true
    }
  }
}

extension ClusterModel {
  func requestSource(_ target: TargetModel, _ settings: ViewSettings) -> RequestSource {
    let end = second(settings, target)
    let length = settings.window.seconds
    let isCounted = !target.state.unknown.contains(.series)
    var sums = WindowSums()
    target.history.sums(endingAt: end, length: length) { sums = $0 }
    return RequestSource(
      name: target.name, isStale: isStale(target, settings),
      isKept: isKept(target, settings) && isCounted, isCounted: isCounted, end: end,
      // Rates are over the time that was watched, when that is shorter than the window.
      watched: target.history.watchedSeconds(endingAt: end, length: length),
      functions: target.history.functions, keys: target.history.functionKeys,
      namesStamp: target.history.namesStamp, sums: sums)
  }
}
