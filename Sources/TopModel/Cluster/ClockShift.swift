import GenAPITelemetry

/// Moves the times of a gateway whose clock is wrong to this machine's clock, so that ages, countdowns and the panes
/// of a past moment are right.
struct ClockShift {
  /// Clocks that differ less are left alone: so much may come from the way.
  static let leastUs: Int64 = 2_000_000
  /// A difference that moved by less is the same: times must not tremble.
  private static let trembleUs: Int64 = 1_000_000

  /// Microseconds to add to the gateway's times; 0 while its clock is right.
  private(set) var us: Int64 = 0

  /// - Parameter skewUs: this clock minus the gateway's.
  mutating func follow(_ skewUs: Int64) {
    let skew = min(max(skewUs, -Bounds.most), Bounds.most)
    guard (skew - us).magnitude > Self.trembleUs else { return }
    us = skew.magnitude < Self.leastUs ? 0 : skew
  }

  func moved(_ time: Int64) -> Int64 { time.saturatingAdd(us) }

  private func moved(_ time: Int64?) -> Int64? { time.map(moved) }

  private func moved<Entry>(_ entries: [Entry], _ paths: WritableKeyPath<Entry, Int64>...) -> [Entry] {
    entries.map { entry in
      var entry = entry
      for path in paths { entry[keyPath: path] = moved(entry[keyPath: path]) }
      return entry
    }
  }

  private func moved<Entry>(_ entries: [Entry], optional paths: WritableKeyPath<Entry, Int64?>...) -> [Entry]
  {
    entries.map { entry in
      var entry = entry
      for path in paths { entry[keyPath: path] = moved(entry[keyPath: path]) }
      return entry
    }
  }

  private func moved(_ groups: [GroupState]) -> [GroupState] {
    moved(moved(groups, \.createdAt), optional: \.lastMessageAt).map { group in
      var group = group
      group.members = moved(group.members, \.since)
      return group
    }
  }

  func moved(_ state: GatewayState) -> GatewayState {
    guard us != 0 else { return state }
    var state = state
    state.series = moved(state.series, optional: \.lastErrorAt)
    state.limits = moved(state.limits, optional: \.lastRejectionAt)
    state.breakers = moved(moved(state.breakers, \.since), optional: \.openedAt, \.probeAt)
    state.functions = moved(state.functions, \.changedAt)
    state.services = moved(state.services, optional: \.lastSuccessAt, \.lastPullAt, \.nextPullAt)
    state.configChanges = moved(state.configChanges, \.at)
    state.failedConfigs = moved(state.failedConfigs, \.at)
    state.relay = moved(state.relay)
    state.nodes = moved(state.nodes, \.since)
    return state
  }

  func moved(_ change: GatewayStateChange) -> GatewayStateChange {
    guard us != 0 else { return change }
    var change = change
    change.series = change.series.map { moved($0, optional: \.lastErrorAt) }
    change.limits = change.limits.map { moved($0, optional: \.lastRejectionAt) }
    change.breakers = change.breakers.map { moved(moved($0, \.since), optional: \.openedAt, \.probeAt) }
    change.functions = change.functions.map { moved($0, \.changedAt) }
    change.services = change.services.map { moved($0, optional: \.lastSuccessAt, \.lastPullAt, \.nextPullAt) }
    change.configChanges = change.configChanges.map { moved($0, \.at) }
    change.failedConfigs = change.failedConfigs.map { moved($0, \.at) }
    change.relay = change.relay.map { moved($0) }
    change.nodes = change.nodes.map { moved($0, \.since) }
    return change
  }
}
