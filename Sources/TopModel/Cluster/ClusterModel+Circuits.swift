import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Pools, breakers and whom they refused, for every view of the circuits pane.
  ///
  /// - Parameter includingServices: which requests pools refused, by service, which all functions are gone through for.
  package func circuits(_ settings: ViewSettings, slots: Int, includingServices: Bool = true)
    -> CircuitsContent
  {
    var view = CircuitsContent()
    let moment = moment(settings)
    for (target, slow) in shown(settings) {
      let stale = isStale(target, settings)
      let end = second(settings, target)
      var rows = breakers(target, slow, settings, slots: max(1, slots), end: end, moment: moment)
      guard !slow.pools.isEmpty else {
        view.breakers += rows
        continue
      }
      let length = settings.window.seconds
      var refusals: [Int32: Int64] = [:]
      for sample in target.history.window(endingAt: end, length: length) {
        for count in sample.refusals { refusals[count.key, default: 0] += Int64(count.first) }
      }
      if !stale { noteRefusals(of: &rows, target, ofPools: refusals, settings) }
      view.breakers += rows
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      let ofPools = Dictionary(grouping: slow.breakers, by: \.pool)
      for pool in slow.pools {
        let breakers = ofPools[pool.name] ?? []
        guard settings.filter.matches(pool: pool.name, breakers: breakers, node: target.name) else {
          continue
        }
        let own = breakers.first(where: \.isOfPool)
        let refused = target.history.pools.find(pool.name).flatMap { refusals[$0] } ?? 0
        let unknown = target.state.unknown
        view.pools.append(
          CircuitsContent.Pool(
            node: target.name, state: pool, breaker: own, cooldownLeftMs: own?.cooldownLeft(at: moment),
            rejectionsPerSecond: unknown.contains(.poolRejected) ? nil : Double(refused) / watched,
            workers: unknown.contains(.poolBusySlots) ? [] : pool.cells(breakers), isStale: stale,
            unknown: unknown
          ))
      }
    }
    view.pools.sort { $0.precedes($1) }
    view.breakers.sort { one, other in
      if one.refused != other.refused { return one.refused > other.refused }
      if one.rank != other.rank { return one.rank < other.rank }
      if one.state.since != other.state.since { return one.state.since > other.state.since }
      return one.id.precedesNaturally(other.id)
    }
    if includingServices { view.services = refusals(settings) }
    return view
  }

  private func breakers(
    _ target: TargetModel, _ slow: SlowState, _ settings: ViewSettings, slots: Int, end: Int64, moment: Int64
  ) -> [CircuitsContent.Breaker] {
    let length = settings.window.seconds
    let start = end - Int64((slots - 1) * length / slots)
    guard !slow.breakers.isEmpty || target.history.hasBreakers(from: start, within: target.silentAfterSeconds)
    else { return [] }
    // How every breaker was at the end of each slot; one that is not listed was closed.
    let past = (0..<slots).map { slot -> [ByteText: CircuitState]? in
      let second = end - Int64((slots - 1 - slot) * length / slots)
      // Of a second of which nothing came it is not known.
      guard target.history.lastKept(at: second, within: target.silentAfterSeconds) != nil else { return nil }
      return target.history.slowState(at: second).map { state in
        Dictionary(state.breakers.map { ($0.entryKey, $0.state) }, uniquingKeysWith: { $1 })
      }
    }
    var known: [ByteText: BreakerState] = [:]
    for breaker in slow.breakers { known[breaker.entryKey] = breaker }
    var closed: Set<ByteText> = []
    for slot in past {
      for (key, state) in slot ?? [:] where state != .closed && known[key] == nil { closed.insert(key) }
    }
    known.merge(target.history.closedBreakers(closed, before: end)) { told, _ in told }
    return known.compactMap { key, breaker in
      let timeline = past.map { slot in slot.map { $0[key] ?? .closed } }
      let wasOpen = timeline.contains { $0 == .open || $0 == .halfOpen }
      guard breaker.state != .closed || wasOpen || breaker.isOfPool,
        settings.filter.matches(breaker: breaker, node: target.name)
      else { return nil }
      var row = CircuitsContent.Breaker(
        node: target.name, state: breaker, cooldownLeftMs: breaker.cooldownLeft(at: moment),
        timeline: timeline,
        isStale: isStale(target, settings))
      row.isTold = !closed.contains(key)
      return row
    }
  }

  /// Counts what those that are not closed refused. A gateway counts it by pool and by function only.
  ///
  /// - Parameter pools: by number of a pool, what it refused in the window.
  private func noteRefusals(
    of rows: inout [CircuitsContent.Breaker], _ target: TargetModel, ofPools pools: [Int32: Int64],
    _ settings: ViewSettings
  ) {
    let places = rows.indices.filter { rows[$0].state.state != .closed }
    guard !places.isEmpty else { return }
    let services = Set(places.compactMap { rows[$0].state.service })
    var ofServices: [ByteText: Int64] = [:]
    let source = services.isEmpty ? nil : requestSource(target, settings)
    // Of ten thousand functions few are refused.
    if let source {
      for number in source.sums.unavailable.lazy.map({ Int($0) }) where number < source.functions.count {
        guard services.contains(source.functions[number].service) else { continue }
        ofServices[source.functions[number].service, default: 0] += source.sums.counts(of: number).unavailable
      }
    }
    let ofPool = Dictionary(grouping: places.map { rows[$0] }, by: \.state.pool)
    for index in places {
      let state = rows[index].state
      if let service = state.service {
        rows[index].refused = ofServices[service] ?? 0
      } else {
        let refused = target.history.pools.find(state.pool).flatMap { pools[$0] } ?? 0
        let others = Set((ofPool[state.pool] ?? []).compactMap(\.state.service))
        rows[index].refused = max(0, refused - others.reduce(0) { $0 + (ofServices[$1] ?? 0) })
      }
    }
  }

  /// Requests that pools refused, by service, most first.
  private func refusals(_ settings: ViewSettings) -> [CircuitsContent.ServiceRefusals] {
    guard resting(settings) == nil else { return [] }
    let scoped = gateways.filter { settings.filter.matchesNode($0.name) }
    let live = scoped.filter { !isStale($0, settings) }
    // The last rates of a gateway that is not heard are none of now.
    let sources = (live.isEmpty ? scoped : live).map { requestSource($0, settings) }
    let key = KeptTotals.Key(subject: .refusals, filter: settings.filter, length: settings.window.seconds)
    return keptTotals.look(
      key, sources, at: now,
      make: {
        RequestGroupNames(sources) { source, _, number in
          let service = source.functions[number].service
          return settings.filter.matches(service: service, requestType: nil, version: nil, node: nil)
            ? .init(name: service) : nil
        }
      },
      { names, totals in
        zip(names.list, totals.list).filter { $1.counts.seconds > 0 }.map { group, total in
          CircuitsContent.ServiceRefusals(
            service: group.name, refused: total.counts.unavailable, refusedPerSecond: total.unavailableRate,
            requestsPerSecond: total.rate)
        }
      }
    ).sorted {
      $0.refused == $1.refused ? $0.service.precedesNaturally($1.service) : $0.refused > $1.refused
    }
  }
}

extension BreakerState {
  fileprivate var isOfPool: Bool { worker == nil && service == nil }

  fileprivate func cooldownLeft(at moment: Int64) -> Int64? {
    guard state == .open, let probeAt else { return nil }
    return max(0, (probeAt - moment) / 1_000)
  }
}

extension CircuitsContent.Breaker {
  fileprivate var rank: Int {
    switch state.state {
    case .open: 0
    case .halfOpen, .unknown: 1
    case .closed: 2
    }
  }
}

extension CircuitsContent.Pool {
  /// What refuses stands above what does not, most first, however many pools there are; then by name.
  fileprivate func precedes(_ other: Self) -> Bool {
    if rank != other.rank { return rank < other.rank }
    let (own, others) = (rejectionsPerSecond ?? 0, other.rejectionsPerSecond ?? 0)
    if rank == 0, own != others { return own > others }
    if state.name != other.state.name { return state.name.precedesNaturally(other.state.name) }
    return node.precedesNaturally(other.node)
  }

  private var rank: Int {
    if isStale { return 7 }
    let isOpen = state.openServices > 0 || state.openWorkers > 0
    let isHalfOpen = state.halfOpenServices > 0 || state.halfOpenWorkers > 0
    let refuses = rejectionsPerSecond ?? 0 > 0
    // One that is well again refused, and does not any more.
    if refuses, state.breaker != .closed || isOpen || isHalfOpen || state.isFull { return 0 }
    if state.breaker == .open { return 1 }
    if isOpen { return 2 }
    if refuses || state.isFull { return 3 }
    if state.breaker == .halfOpen { return 4 }
    return isHalfOpen ? 5 : 6
  }
}

extension PoolState {
  fileprivate func cells(_ breakers: [BreakerState]) -> [CircuitsContent.WorkerCell] {
    var cells = [CircuitsContent.WorkerCell](repeating: .idle, count: min(workers, 10_000))
    for slot in busySlots where cells.indices.contains(slot) { cells[slot] = .busy }
    for breaker in breakers where breaker.pool == name {
      guard let worker = breaker.worker, cells.indices.contains(worker) else { continue }
      switch breaker.state {
      case .open: cells[worker] = .open
      case .halfOpen: cells[worker] = .halfOpen
      case .closed, .unknown: break
      }
    }
    return cells
  }
}
