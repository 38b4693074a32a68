import GenAPITelemetry
import OutsideText
import TopModel

/// What of each pane's rows is compared, and how much it weighs.
extension RequestsPane {
  static func changes(from before: [RequestRow], to now: [RequestRow]) -> [ByteText: RowChange]? {
    paired(before, now, id: \.id) { was, row in
      var change = RowChange()
      guard row.isKept else { return change }
      guard let was, was.isKept else {
        if row.requestsPerSecond > 0 { change.add("new", weight: 4) }
        return change
      }
      func duration(_ value: Double) -> String { TimeText.duration(microseconds: Int64(value)) }
      change.points("err%", was.errorPercent, row.errorPercent)
      change.points("rej%", was.rejectedPercent, row.rejectedPercent)
      change.ratio(
        "p99", was.p99.map { Double($0) }, row.p99.map { Double($0) }, weight: 8, isWorseUp: true, duration)
      change.ratio("rps", was.requestsPerSecond, row.requestsPerSecond, weight: 3, NumberText.short)
      return change
    }
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

extension CircuitsPane {
  static func changes(from before: CircuitsContent, to now: CircuitsContent) -> [ByteText: RowChange]? {
    let pools = paired(before.pools, now.pools, id: \.id) { was, pool in
      var change = RowChange()
      guard let was else {
        change.add("new", weight: 4)
        return change
      }
      if was.state.breaker != pool.state.breaker {
        change.add(
          "\(word(was.state.breaker))→\(word(pool.state.breaker))", weight: 40,
          isWorse: pool.state.breaker != .closed)
      }
      change.count("svc", was.state.openServices, pool.state.openServices, weight: 30, isWorseUp: true)
      change.ratio(
        "rej/s", was.rejectionsPerSecond, pool.rejectionsPerSecond, weight: 5, isWorseUp: true,
        NumberText.short)
      change.ratio("busy", Double(was.state.busy), Double(pool.state.busy), weight: 1, NumberText.short)
      return change
    }
    let breakers = paired(before.breakers, now.breakers, id: \.id) { was, breaker in
      var change = RowChange()
      let state = was?.state.state ?? .closed
      if state != breaker.state.state {
        change.add(
          "\(word(state))→\(word(breaker.state.state))", weight: 40, isWorse: breaker.state.state != .closed)
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
    }
  }
}

extension ConfigsPane {
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
      if versions(was) != versions(row) { change.add("\(versions(was))→\(versions(row))", weight: 20) }
      change.count("fn", was.functions, row.functions, weight: 10)
      change.count("off", was.disabled, row.disabled, weight: 12, isWorseUp: true)
      change.count("pulls", was.pullFailures, row.pullFailures, weight: 15, isWorseUp: true)
      return change
    }
  }
}

extension RelayPane {
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
    return paired(before, now, id: \.id) { was, row in
      var change = RowChange()
      if row.isFiring, !firing.contains(row.id) { change.add("fires now", weight: 20, isWorse: true) }
      if !row.isFiring, firing.contains(row.id) { change.add("fired then", weight: 20, isWorse: false) }
      return change
    }
  }
}
