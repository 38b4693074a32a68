import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  package func header(_ settings: ViewSettings) -> HeaderView {
    var view = HeaderView()
    view.targets = targets.map { $0.view(at: now) }
    view.nodesTotal = gateways.count
    view.nodesUp = gateways.count { !isStale($0, settings) }
    for target in gateways where !isStale(target, settings) {
      let readiness = readiness(target, settings)
      if readiness.isDraining {
        view.draining += 1
      } else if readiness.isReady == false {
        view.unready += 1
      }
      if !readiness.isDraining { view.fault = view.fault ?? readiness.fault }
    }
    view.unknown = unknown
    note(&view, settings)
    view.watchedSeconds = gateways.map { watchedSeconds($0, settings) }.max()
    view.nodesKept = gateways.count { isKept($0, settings) }
    view.shortSeconds = gateways.compactMap(\.history.shortSeconds).min()
    if settings.moment != .live {
      view.stepSeconds = gateways.map { $0.history.span(at: second(settings, $0)) }.max() ?? 1
    }
    view.lost = gateways.reduce(0) { $0 + $1.lost }
    view.cut = gateways.reduce(0) { Bounds.count($0 + $1.cut) }
    view.requests = gateways.reduce(0) { Bounds.count($0.saturatingAdd($1.state.totals.requests)) }
    view.at = moment(settings)
    view.evictedKeys = gateways.reduce(0) { Bounds.count($0 + limiter($1, settings).evictedKeys) }
    view.keptEvents = events.count
    view.seenEvents = events.total
    view.isPaused = settings.moment != .live
    if settings.moment != .live { view.secondsBack = Int(max(0, now - view.at) / 1_000_000) }
    view.firingAlerts = alerts.firingCount
    view.narrowsToServiceNodes = settings.filter.namesNodes && scoped(settings).contains { !$0.scope.isWhole }
    view.oldestAt = gateways.compactMap(\.history.samples.first?.first).min().map { $0 * 1_000_000 }
    noteRates(&view, settings)
    return view
  }

  /// How much goes on, in the last second and those before, of the gateways that are heard.
  private func noteRates(_ view: inout HeaderView, _ settings: ViewSettings) {
    // A second of which nothing came is not zero, but unknown.
    var trend = [Double](repeating: -1, count: 60)
    var (known, heard) = (0, 0)
    for target in gateways where !isStale(target, settings) {
      let end = second(settings, target)
      let isCounted = !target.state.unknown.contains(.series)
      heard += 1
      for sample in target.history.window(endingAt: end, length: 60) {
        guard let watched = sample.rateSeconds else { continue }
        for second in max(sample.first, end - 59)...sample.second where isCounted {
          let place = 59 - Int(end - second)
          trend[place] = max(0, trend[place]) + Double(sample.started) / watched
        }
        guard sample.first <= end, sample.second >= end else { continue }
        known += 1
        view.eventsPerSecond += Double(sample.events) / watched
      }
    }
    view.ratesKnown = known == 0 ? .none : known < heard ? .part : .all
    view.requestsPerSecond = max(0, trend[59])
    view.trend = trend
  }

  /// What none of the gateways tells that were heard.
  private var unknown: UnknownState {
    let heard = gateways.lazy.filter(\.hasTold).map(\.state.unknown)
    return heard.dropFirst().reduce(heard.first ?? UnknownState()) { $0.intersection($1) }
  }

  /// What else is not as it should be, of gateways that tell and were kept.
  private func note(_ view: inout HeaderView, _ settings: ViewSettings) {
    var pulls: Set<ByteText> = []
    let moment = moment(settings)
    for target in gateways where !isStale(target, settings) {
      guard let slow = target.history.slowState(at: second(settings, target)) else { continue }
      if slow.configuration.fault != nil { view.failedReloads.append(target.name) }
      if let check = slow.readiness.degradedChecks.first {
        view.degraded.append(.init(gateway: target.name, check: check))
      }
      for service in slow.services where service.pullFailures > 0 { pulls.insert(service.service) }
      view.fullPools += slow.pools.filter(\.isFull).map { "\(target.name) \($0.name)" }
      if let left = slow.certificates.secondsLeft(at: moment), left < NodeRow.expiringSeconds,
        left < view.certificateSeconds ?? .max
      {
        (view.certificateSeconds, view.certificateGateway) = (left, target.name)
      }
    }
    view.serviceNodesDown = downNodes(settings).sortedNaturally()
    view.failingPulls = pulls.sortedNaturally()
  }

  /// The service nodes that a gateway which is heard has lost.
  func downNodes(_ settings: ViewSettings) -> Set<ByteText> {
    var down: Set<ByteText> = []
    for target in gateways where !isStale(target, settings) {
      guard let slow = target.history.slowState(at: second(settings, target)) else { continue }
      // One that nobody has seen yet is not known to be down.
      for node in slow.nodes where !node.up && !node.isUnseen { down.insert(node.node) }
    }
    return down
  }

  /// Whether clients should be sent to a gateway, at the moment shown.
  private func readiness(_ target: TargetModel, _ settings: ViewSettings) -> ReadinessState {
    if settings.moment == .live { return target.state.readiness }
    return target.history.slowState(at: second(settings, target))?.readiness ?? ReadinessState()
  }

  /// How many whole seconds of the window a gateway was watched in.
  private func watchedSeconds(_ target: TargetModel, _ settings: ViewSettings) -> Int {
    let length = settings.window.seconds
    let watched = target.history.watchedSeconds(endingAt: second(settings, target), length: length)
    return min(length, max(1, Int(watched.rounded())))
  }

  /// How the keys of a gateway's limits were, at the moment shown.
  private func limiter(_ target: TargetModel, _ settings: ViewSettings) -> LimiterState {
    if settings.moment == .live { return target.state.limiter }
    return target.history.slowState(at: second(settings, target))?.limiter ?? LimiterState()
  }
}
