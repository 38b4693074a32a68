/// The order of functions that was made last, for as long as nothing changes in what it is made of.
final class RequestIndexes {
  private var order: RequestOrder?
  /// Of a filter that means service nodes, whose functions come and go without a word.
  private var scoped: (revision: Int64, settings: ViewSettings, rows: RequestRows)?
  /// What was made while all gateways rested, and for which settings.
  private var rested: (resting: Resting, settings: ViewSettings, rows: RequestRows)?
  /// How many were made: of things that stay the same none.
  private(set) var ordersMade = 0
  private(set) var namesMade = 0

  /// As `ClusterModel.requests`, with rows that are made when they are asked for.
  func rows(_ model: ClusterModel, _ settings: ViewSettings) -> RequestRows {
    if let scoped, scoped.revision == model.revision, scoped.settings == settings { return scoped.rows }
    let resting = model.resting(settings)
    if let resting, let rested, rested.resting == resting, rested.settings == settings { return rested.rows }
    let parts = model.liveFirst(model.scoped(settings), settings) { $0.target }
    let sources = parts.map { model.requestSource($0.target, settings) }
    let order: RequestOrder
    if parts.allSatisfy(\.scope.isWhole) {
      let key = KeptTotals.Key(
        subject: .functions, filter: settings.filter, length: settings.window.seconds)
      order = model.keptTotals.look(key, sources, at: model.now, make: { names(sources, nil, settings) }) {
        names, totals in
        self.order(names, totals, sources, settings)
      }
      scoped = nil
    } else {
      let names = names(sources, parts.map(\.scope), settings)
      var totals = FunctionTotals(names.parts)
      totals.follow(sources)
      order = self.order(names, totals, sources, settings)
    }
    let rows = RequestRows(
      RequestRows.Recipe(order: order, sources: sources, settings: settings, until: model.moment(settings)))
    rested = resting.map { ($0, settings, rows) }
    if !parts.allSatisfy(\.scope.isWhole) { scoped = (model.revision, settings, rows) }
    return rows
  }

  private func order(
    _ names: RequestNames, _ totals: FunctionTotals, _ sources: [RequestSource], _ settings: ViewSettings
  ) -> RequestOrder {
    let key = RequestOrder.Key(
      names: ObjectIdentifier(names), sort: settings.requestSort, isReversed: settings.isSortReversed,
      stamp: totals.changes.stamp, ends: settings.requestSort == .inFlight ? sources.map(\.end) : [])
    if let order, order.key == key { return order }
    let made = RequestOrder(key, names, totals, sources, before: order)
    order = made
    ordersMade += 1
    return made
  }

  /// - Parameter scopes: what of each source is meant; nil for all.
  private func names(_ sources: [RequestSource], _ scopes: [NodeScope]?, _ settings: ViewSettings)
    -> RequestNames
  {
    namesMade += 1
    return RequestNames(sources) { source, number in
      let function = sources[source].functions[number]
      return settings.includes(function)
        && scopes?[source].includes(service: function.service, requestType: function.requestType) ?? true
    }
  }
}
