import GenAPITelemetry
import OutsideText
import TopModel

/// What of each pane's rows is compared, and how much it weighs.
extension RequestsPane {
  static func changes(from before: RequestsContent, to now: RequestsContent) -> [ByteText: RowChange]? {
    let functions = paired(Array(before.functions), Array(now.functions), id: \.id, change)
    guard let were = before.groups, let groups = now.groups else { return functions }
    // Where no event is kept of that time nobody knows who was there.
    if case .events = were.source, were.rows.isEmpty { return functions }
    let changes = paired(were.rows, groups.rows, id: \.id) { change($0?.numbers, $1.numbers) }
    return functions.merging(changes) { one, _ in one }
  }

  private static func change(_ was: RequestRow?, _ row: RequestRow) -> RowChange {
    var change = RowChange()
    guard row.isKept else { return change }
    guard let was, was.isKept else {
      if row.requestsPerSecond > 0 { change.add("new", weight: 4) }
      return change
    }
    func duration(_ value: Double) -> String { TimeText.duration(microseconds: Int64(value)) }
    // Without a request there is no share, which is not none.
    change.points("err%", was.hasEnded ? was.errorPercent : nil, row.hasEnded ? row.errorPercent : nil)
    change.points("rej%", was.hasEnded ? was.rejectedPercent : nil, row.hasEnded ? row.rejectedPercent : nil)
    // Another node may have answered: it is no failure.
    change.points("over%", was.failoverPercent, row.failoverPercent, share: 0.2)
    change.ratio(
      "p99", was.p99.map { Double($0) }, row.p99.map { Double($0) }, weight: 8, isWorseUp: true, duration)
    change.ratio("rps", was.requestsPerSecond, row.requestsPerSecond, weight: 3, NumberText.short)
    return change
  }

  static func keepGone(from before: RequestsContent, in now: inout RequestsContent) {
    var functions = Array(now.functions)
    add(gone: Array(before.functions), to: &functions, id: \.id) { Self.end(&$0) }
    now.functions = RequestRows(functions)
    guard now.groups?.source == .counters, let were = before.groups?.rows, var rows = now.groups?.rows else {
      return
    }
    add(gone: were, to: &rows, id: \.id) { Self.end(&$0.numbers) }
    now.groups?.rows = rows
  }

  /// What is gone does nothing any more.
  private static func end(_ row: inout RequestRow) {
    row.isStale = true
    row.isKept = false
    (row.p50, row.p95, row.p99, row.max) = (nil, nil, nil, nil)
    (row.errorPercent, row.rejectedPercent) = (0, 0)
    row.trend = row.trend.map { _ in -1 }
  }
}

extension LimitsPane {
  static func changes(from before: [LimitRow], to now: [LimitRow]) -> [ByteText: RowChange]? {
    paired(before, now, id: \.id) { was, row in
      var change = RowChange()
      guard let was else {
        change.add("new", weight: 4)
        return change
      }
      change.ratio(
        "refused", was.rejectionsPerSecond, row.rejectionsPerSecond, weight: 8, isWorseUp: true
      ) { NumberText.short($0) + "/s" }
      change.ratio("checks", was.checksPerSecond, row.checksPerSecond, weight: 2) {
        NumberText.short($0) + "/s"
      }
      return change
    }
  }
}

extension LimitsPane {
  static func keepGone(from before: [LimitRow], in now: inout [LimitRow]) {
    add(gone: before, to: &now, id: \.id) { row in
      row.isStale = true
      (row.keys, row.refusing, row.rejectionsPerSecond, row.checksPerSecond) = ([], nil, 0, nil)
    }
  }
}

extension CircuitsPane {
  static func keepGone(from before: CircuitsContent, in now: inout CircuitsContent) {
    add(gone: before.pools, to: &now.pools, id: \.id) { pool in
      pool.isStale = true
      (pool.rejectionsPerSecond, pool.state.queued, pool.state.busy) = (0, 0, 0)
    }
    add(gone: before.services, to: &now.services, id: \.service) { row in
      (row.refused, row.refusedPerSecond, row.requestsPerSecond) = (0, 0, 0)
    }
  }

  static func changes(from before: CircuitsContent, to now: CircuitsContent) -> [ByteText: RowChange]? {
    let pools = paired(before.pools, now.pools, id: \.id) { was, pool in
      var change = RowChange()
      guard let was else {
        change.add("new", weight: 4)
        return change
      }
      if was.state.breaker != pool.state.breaker {
        change.add(
          "\(word(was.state.breaker))→\(word(pool.state.breaker))", short: "→\(word(pool.state.breaker))",
          weight: 40,
          isWorse: pool.state.breaker != .closed)
      }
      change.count("svc", was.state.openServices, pool.state.openServices, weight: 30, isWorseUp: true)
      change.ratio(
        "rej/s", was.rejectionsPerSecond, pool.rejectionsPerSecond, weight: 5, isWorseUp: true,
        NumberText.short)
      change.ratio("busy", Double(was.state.busy), Double(pool.state.busy), weight: 1, NumberText.short)
      return change
    }
    let breakers = paired(before.breakers, now.breakers, id: \.id, gone: { _ in RowChange() }) {
      was, breaker in
      var change = RowChange()
      let state = was?.state.state ?? .closed
      if state != breaker.state.state {
        change.add(
          "\(word(state))→\(word(breaker.state.state))", short: "→\(word(breaker.state.state))", weight: 40,
          isWorse: breaker.state.state != .closed)
      }
      return change
    }
    let services = paired(before.services, now.services, id: \.service) { was, row in
      var change = RowChange()
      change.ratio(
        "/s", was?.refusedPerSecond ?? 0, row.refusedPerSecond, weight: 5, isWorseUp: true, NumberText.short)
      return change
    }
    return pools.merging(breakers) { one, _ in one }.merging(services) { one, _ in one }
  }

  private static func word(_ state: CircuitState) -> String {
    switch state {
    case .open: "OPEN"
    case .halfOpen: "half"
    case .closed: "closed"
    case .unknown(let word): word.shown
    }
  }
}

extension ConfigsPane {
  static func keepGone(from before: ConfigsView, in now: inout ConfigsView) {
    add(gone: before.services, to: &now.services, id: \.id) { row in
      row.isStale = true
      (row.pullFailures, row.lastError, row.unresolved, row.recentChange) = (0, nil, [:], nil)
      row.comparison = ServiceComparison(service: row.service, versions: [:])
    }
  }

  static func changes(from before: ConfigsView, to now: ConfigsView) -> [ByteText: RowChange]? {
    paired(before.services, now.services, id: \.id) { was, row in
      var change = RowChange()
      guard let was else {
        change.add("new", weight: 20)
        return change
      }
      func versions(_ row: ConfigsView.Service) -> String {
        Set(row.versions.values).sortedNaturally().map(\.shown).joined(separator: "|")
      }
      if versions(was) != versions(row) {
        change.add("\(versions(was))→\(versions(row))", short: "→\(versions(row))", weight: 20)
      }
      change.count("fn", was.functions, row.functions, weight: 10)
      change.count("off", was.disabled, row.disabled, weight: 12, isWorseUp: true)
      change.count("pulls", was.pullFailures, row.pullFailures, weight: 15, isWorseUp: true)
      return change
    }
  }
}

extension RelayPane {
  static func keepGone(from before: [RelayRow], in now: inout [RelayRow]) {
    add(gone: before, to: &now, id: \.id) { row in
      row.isStale = true
      row.messagesPerSecond = 0
    }
  }

  static func changes(from before: [RelayRow], to now: [RelayRow]) -> [ByteText: RowChange]? {
    paired(before, now, id: \.id) { was, row in
      var change = RowChange()
      guard let was else {
        change.add("new", weight: 10)
        return change
      }
      change.count("pnd", was.group.pending, row.group.pending, weight: 10, isWorseUp: true)
      change.count("mut", was.group.muted, row.group.muted, weight: 10, isWorseUp: true)
      change.ratio("act", Double(was.group.active), Double(row.group.active), weight: 4, NumberText.short)
      change.ratio("msg/s", was.messagesPerSecond, row.messagesPerSecond, weight: 3, NumberText.short)
      return change
    }
  }
}

extension NodesPane {
  static func keepGone(from before: [NodeRow], in now: inout [NodeRow]) {
    add(gone: before, to: &now, id: \.id) { row in
      row.isStale = true
      row.isKept = false
    }
  }

  static func changes(from before: [NodeRow], to now: [NodeRow]) -> [ByteText: RowChange]? {
    paired(before, now, id: \.id) { was, row in
      var change = RowChange()
      guard let was, was.isKept else {
        change.add("new", weight: 10)
        return change
      }
      if was.isUp != row.isUp { change.add(row.isUp ? "down→up" : "up→down", weight: 40, isWorse: !row.isUp) }
      guard row.isUp, row.isKept else { return change }
      change.points("err%", was.errorPercent, row.errorPercent)
      change.points("over%", was.failoverPercent, row.failoverPercent, share: 0.2)
      change.ratio(
        "p99", was.p99.map { Double($0) }, row.p99.map { Double($0) }, weight: 8, isWorseUp: true
      ) { TimeText.duration(microseconds: Int64($0)) }
      change.ratio("rps", was.requestsPerSecond, row.requestsPerSecond, weight: 3, NumberText.short)
      change.ratio("cpu%", was.cpuPercent, row.cpuPercent, weight: 3, NumberText.percent)
      change.ratio(
        "mem", was.residentBytes.map { Double($0) }, row.residentBytes.map { Double($0) }, weight: 3
      ) { NumberText.bytes(Int64($0)) }
      return change
    }
  }
}

extension AlertsPane {
  static func changes(from before: [AlertRow], to now: [AlertRow]) -> [ByteText: RowChange]? {
    let firing = Set(before.filter(\.isFiring).map(\.id))
    var ended = RowChange()
    ended.add("fired then", weight: 20, isWorse: false)
    let gone: (AlertRow) -> RowChange = { $0.isFiring ? ended : RowChange() }
    return paired(before, now, id: \.id, gone: gone) { was, row in
      var change = RowChange()
      if row.isFiring, !firing.contains(row.id) { change.add("fires now", weight: 20, isWorse: true) }
      if !row.isFiring, firing.contains(row.id) { change.add("fired then", weight: 20, isWorse: false) }
      return change
    }
  }

  static func keepGone(from before: [AlertRow], in now: inout [AlertRow]) {
    add(gone: before.filter(\.isFiring), to: &now, id: \.id) { row in
      row.isFiring = false
      row.value = nil
    }
  }
}
