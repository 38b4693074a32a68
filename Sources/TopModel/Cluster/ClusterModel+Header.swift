import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  package func header(_ settings: ViewSettings) -> HeaderView {
    var view = HeaderView()
    view.targets = targets.map { $0.view(at: now) }
    view.at = moment(settings)
    view.unknown = unknown
    var heard = Heard()
    // Once through a hundred gateways for all of it.
    for target in gateways {
      let end = second(settings, target)
      view.nodesTotal += 1
      note(target, endingAt: end, in: &view, settings)
      if isStale(target, settings) { continue }
      view.nodesUp += 1
      note(readiness(target, settings), in: &view)
      if let slow = target.history.slowState(at: end) { note(slow, of: target.name, in: &view, &heard) }
      heard.noteRates(of: target, endingAt: end)
    }
    view.serviceNodesDown = heard.downNodes.sortedNaturally()
    view.failingPulls = heard.failingPulls.sortedNaturally()
    heard.tellRates(&view)
    view.keptEvents = events.count
    view.seenEvents = events.total
    view.isPaused = settings.moment != .live
    if settings.moment != .live { view.secondsBack = Int(max(0, now - view.at) / 1_000_000) }
    view.firingAlerts = alerts.firingCount
    view.firesCritical = alerts.isCritical
    view.narrowsToServiceNodes = settings.filter.namesNodes && scoped(settings).contains { !$0.scope.isWhole }
    return view
  }

  /// Adds what is counted of each gateway, whether it is heard or not.
  private func note(
    _ target: TargetModel, endingAt end: Int64, in view: inout HeaderView, _ settings: ViewSettings
  ) {
    let length = settings.window.seconds
    let watched = Int(target.history.watchedSeconds(endingAt: end, length: length).rounded())
    view.watchedSeconds = max(view.watchedSeconds ?? 0, min(length, max(1, watched)))
    if isKept(target, settings) { view.nodesKept += 1 }
    view.shortSeconds = [view.shortSeconds, target.history.shortSeconds].compactMap { $0 }.min()
    if settings.moment != .live { view.stepSeconds = max(view.stepSeconds, target.history.span(at: end)) }
    view.lost += target.lost
    view.cut = Bounds.count(view.cut + target.cut)
    view.requests = Bounds.count(view.requests.saturatingAdd(target.state.totals.requests))
    view.evictedKeys = Bounds.count(view.evictedKeys + limiter(target, settings).evictedKeys)
    let oldest = target.history.samples.first.map { $0.first * 1_000_000 }
    view.oldestAt = [view.oldestAt, oldest].compactMap { $0 }.min()
  }

  private func note(_ readiness: ReadinessState, in view: inout HeaderView) {
    if readiness.isDraining {
      view.draining += 1
    } else if readiness.isReady == false {
      view.unready += 1
    }
    if !readiness.isDraining { view.fault = view.fault ?? readiness.fault }
  }

  /// Adds what else is not as it should be, of a gateway that tells and was kept.
  private func note(_ slow: SlowState, of gateway: ByteText, in view: inout HeaderView, _ heard: inout Heard)
  {
    if slow.configuration.fault != nil { view.failedReloads.append(gateway) }
    if let check = slow.readiness.degradedChecks.first {
      view.degraded.append(.init(gateway: gateway, check: check))
    }
    for service in slow.services where service.pullFailures > 0 { heard.failingPulls.insert(service.service) }
    view.fullPools += slow.pools.filter(\.isFull).map { "\(gateway) \($0.name)" }
    if let left = slow.certificates.secondsLeft(at: view.at), left < NodeRow.expiringSeconds,
      left < view.certificateSeconds ?? .max
    {
      (view.certificateSeconds, view.certificateGateway) = (left, gateway)
    }
    heard.downNodes.formUnion(slow.downNodes)
  }

  /// What none of the gateways tells that were heard.
  private var unknown: UnknownState {
    var unknown: UnknownState?
    // A path to it would copy all that each of a hundred gateways told.
    for target in gateways where target.hasTold {
      unknown = unknown?.intersection(target.state.unknown) ?? target.state.unknown
    }
    return unknown ?? UnknownState()
  }

  /// The service nodes that a gateway which is heard has lost.
  func downNodes(_ settings: ViewSettings) -> Set<ByteText> {
    var down: Set<ByteText> = []
    for target in gateways where !isStale(target, settings) {
      down.formUnion(slowState(target, settings)?.downNodes ?? [])
    }
    return down
  }

  /// Whether clients should be sent to a gateway, at the moment shown.
  private func readiness(_ target: TargetModel, _ settings: ViewSettings) -> ReadinessState {
    if settings.moment == .live { return target.state.readiness }
    return slowState(target, settings)?.readiness ?? ReadinessState()
  }

  /// How the keys of a gateway's limits were, at the moment shown.
  private func limiter(_ target: TargetModel, _ settings: ViewSettings) -> LimiterState {
    if settings.moment == .live { return target.state.limiter }
    return slowState(target, settings)?.limiter ?? LimiterState()
  }
}

/// What the gateways that are heard have between them.
private struct Heard {
  var failingPulls: Set<ByteText> = []
  var downNodes: Set<ByteText> = []
  /// Requests in each second; below zero where nobody told of it: that is not zero, but unknown.
  private var trend = [Double](repeating: -1, count: 60)
  private var gateways = 0
  private var known = 0
  private var events = 0.0
  /// Of each second somebody told.
  private var isTrendKnown = false

  /// Adds how much goes on, in the last second and those before.
  mutating func noteRates(of target: TargetModel, endingAt end: Int64) {
    let isCounted = !target.state.unknown.contains(.series)
    gateways += 1
    if target.history.isStill(endingAt: end, length: trend.count) {
      known += 1
      events += target.history.eventsPerSecond(at: end)
      if isCounted, !isTrendKnown {
        for slot in trend.indices { trend[slot] = max(0, trend[slot]) }
        isTrendKnown = true
      }
      return
    }
    let window = target.history.window(endingAt: end, length: trend.count)
    // Looked at where they lie, as there are six thousand of them.
    let samples = window.base
    for place in window.startIndex..<window.endIndex {
      guard let watched = samples[place].rateSeconds else { continue }
      let (first, last) = (samples[place].first, samples[place].second)
      if isCounted {
        let rate = Double(samples[place].started) / watched
        for second in max(first, end - 59)...last {
          let slot = 59 - Int(end - second)
          trend[slot] = max(0, trend[slot]) + rate
        }
      }
      guard first <= end, last >= end else { continue }
      known += 1
      events += Double(samples[place].events) / watched
    }
  }

  func tellRates(_ view: inout HeaderView) {
    view.ratesKnown = known == 0 ? .none : known < gateways ? .part : .all
    view.eventsPerSecond = events
    view.requestsPerSecond = max(0, trend[59])
    view.trend = trend
  }
}

extension SlowState {
  /// Those that are lost; one that nobody has seen yet is not known to be down.
  fileprivate var downNodes: [ByteText] {
    nodes.isEmpty ? [] : nodes.filter { !$0.up && !$0.isUnseen }.map(\.node)
  }
}
