import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// A change of version is recent for 5 minutes.
  static let recentUs: Int64 = 300_000_000

  /// Services, functions, changes and failed configs over all gateways.
  package func configs(_ settings: ViewSettings) -> ConfigsView {
    var parts: [KeptConfigs.Part] = []
    for (target, scope) in scoped(settings) {
      // What service nodes run comes and goes without a word.
      guard scope.isWhole else { return configsAnew(settings) }
      guard let slow = slowState(target, settings) else { continue }
      parts.append(
        KeptConfigs.Part(
          name: target.name, isStale: isStale(target, settings), services: slow.services,
          functions: slow.functions, changes: slow.configChanges, failed: slow.failedConfigs))
    }
    return keptConfigs.view(settings.filter, parts, at: moment(settings)) { configsAnew(settings) }
  }

  /// Whether the version of a service changed lately.
  static func isRecent(_ change: ConfigChangeState, at moment: Int64) -> Bool {
    change.kind == "version" && change.from != nil && moment - change.at < recentUs
  }

  /// The same, put together anew.
  func configsAnew(_ settings: ViewSettings) -> ConfigsView {
    var view = ConfigsView()
    var services: [ByteText: ConfigsView.Service] = [:]
    var functions: [KeptFunctions.List] = []
    var isAll = settings.filter.isEmpty
    let comparisons = comparisons(settings)
    let moment = moment(settings)
    for (target, scope) in scoped(settings) {
      guard let slow = slowState(target, settings) else { continue }
      let stale = isStale(target, settings)
      func passes(_ service: ByteText, _ requestType: ByteText? = nil, _ version: ByteText? = nil) -> Bool {
        settings.filter.matches(service: service, requestType: requestType, version: version, node: nil)
          && (requestType.map { scope.includes(service: service, requestType: $0) }
            ?? scope.includes(service: service))
      }
      for state in slow.services where passes(state.service) {
        var service =
          services[state.service]
          ?? ConfigsView.Service(
            service: state.service, isStale: true, comparison: comparisons[state.service])
        if let version = state.configVersion { service.versions[target.name] = version }
        service.functions = max(service.functions, state.functions)
        service.disabled = max(service.disabled, state.disabled)
        service.source = state.source
        service.lastSuccessAt = [service.lastSuccessAt, state.lastSuccessAt].compactMap { $0 }.max()
        // What a gateway told last that is not heard now counts only where no other has the service.
        if service.isStale, !stale { (service.pullFailures, service.lastError) = (0, nil) }
        if !stale || service.isStale {
          service.pullFailures = max(service.pullFailures, state.pullFailures)
          service.lastError = state.lastError ?? service.lastError
        }
        if !state.unresolved.isEmpty, !stale { service.unresolved[target.name] = state.unresolved }
        service.isStale = service.isStale && stale
        let change = slow.configChanges.last {
          $0.service == state.service && Self.isRecent($0, at: moment)
        }
        if let change, change.at > service.recentChange?.at ?? 0 { service.recentChange = change }
        services[state.service] = service
      }
      isAll = isAll && scope.isWhole
      var list = KeptFunctions.List(functions: slow.functions, isStale: stale)
      if !isAll { list.functions.removeAll { !passes($0.service, $0.requestType, $0.version) } }
      functions.append(list)
      view.changes += slow.configChanges.filter { passes($0.service) }.map {
        ConfigsView.Change(node: target.name, change: $0)
      }
      view.failed += slow.failedConfigs.filter { passes($0.service) }.map {
        ConfigsView.Failed(node: target.name, config: $0)
      }
    }
    view.services = services.values.sorted { $0.precedes($1, failed: view.failed) }
    // Lists that were made for this one are never there again.
    view.functions = isAll ? keptFunctions.merged(functions) : KeptFunctions.merge(functions)
    view.changes.sort { ($0.change.at, $0.change.id) > ($1.change.at, $1.change.id) }
    view.failed.sort { $0.config.at > $1.config.at }
    return view
  }
}

extension ConfigsView.Service {
  /// What gateways do not agree about stands first, then what names nothing, what cannot be pulled, was refused or has changed; the rest by name.
  fileprivate func precedes(_ other: Self, failed: [ConfigsView.Failed]) -> Bool {
    let (mine, others) = (rank(failed), other.rank(failed))
    return mine == others ? service.precedesNaturally(other.service) : mine < others
  }

  private func rank(_ failed: [ConfigsView.Failed]) -> Int {
    if isStale { return 6 }
    if isMismatched { return 0 }
    if !unresolved.isEmpty { return 1 }
    if pullFailures > 0 { return 2 }
    if failed.contains(where: { $0.config.service == service }) { return 3 }
    return recentChange != nil ? 4 : 5
  }
}
