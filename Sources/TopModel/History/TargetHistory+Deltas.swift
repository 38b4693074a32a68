import GenAPITelemetry
import GenAPIValue

extension TargetHistory {
  /// What happened between two states of the same gateway.
  mutating func deltas(_ state: GatewayState, since base: GatewayState, second: Int64, isWhole: Bool)
    -> SecondSample
  {
    var sample = SecondSample(second: second)
    sample.series = seriesDeltas(state, base, isWhole: isWhole)
    let oldLimits = Dictionary(base.limits.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
    for limit in state.limits {
      let identity = limit.identity
      let old = oldLimits[identity] ?? (isWhole ? limit : nil)
      let checks = limit.checks - (old?.checks ?? 0)
      let rejections = limit.rejections - (old?.rejections ?? 0)
      guard checks > 0 || rejections > 0, let key = limits.number(identity) else { continue }
      sample.limits.append(
        .init(key: key, first: Int32(clamping: max(0, checks)), second: Int32(clamping: max(0, rejections))))
    }
    let oldGroups = Dictionary(base.relay.map { ($0.groupID, $0.messages) }, uniquingKeysWith: { $1 })
    for group in state.relay {
      let messages = group.messages - (oldGroups[group.groupID] ?? (isWhole ? group.messages : 0))
      guard messages > 0, let key = groups.number(group.groupID) else { continue }
      sample.messages.append(.init(key: key, first: Int32(clamping: messages)))
    }
    let oldPools = Dictionary(base.pools.map { ($0.name, $0.rejected) }, uniquingKeysWith: { $1 })
    for pool in state.pools {
      let refused = pool.rejected - (oldPools[pool.name] ?? (isWhole ? pool.rejected : 0))
      guard refused > 0, let key = pools.number(pool.name) else { continue }
      sample.refusals.append(.init(key: key, first: Int32(clamping: refused)))
    }
    let oldNodes = Dictionary(base.nodes.map { ($0.node, $0) }, uniquingKeysWith: { $1 })
    for node in state.nodes {
      let old = oldNodes[node.node] ?? (isWhole ? node : ServiceNodeState(node: node.node))
      guard node.calls > old.calls, let key = serviceNodes.number(node.node) else { continue }
      sample.nodes.append(
        NodeDelta(
          key: key, calls: Int32(clamping: node.calls - old.calls),
          failures: Int32(clamping: max(0, node.failures - old.failures)),
          latencies: SeriesDelta.pack(node.latency - old.latency)))
    }
    sample.events = Int32(clamping: max(0, state.totals.eventsEmitted - base.totals.eventsEmitted))
    sample.cpuSeconds = max(0, state.process.cpuSeconds - base.process.cpuSeconds)
    return sample
  }

  private mutating func seriesDeltas(_ state: GatewayState, _ base: GatewayState, isWhole: Bool)
    -> [SeriesDelta]
  {
    let old = Dictionary(base.series.map { ($0.entryKey, $0) }, uniquingKeysWith: { $1 })
    var deltas: [SeriesDelta] = []
    deltas.reserveCapacity(state.series.count)
    for series in state.series {
      let key = series.entryKey
      guard let number = self.series.number(key) else {
        leftOut += 1
        continue
      }
      note(series, number: Int(number))
      let delta = SeriesDelta(series, since: old[key] ?? (isWhole ? series : nil), number: number)
      if delta.started > 0 || delta.finished > 0 || delta.inFlight > 0 { deltas.append(delta) }
    }
    return deltas
  }

  private mutating func note(_ series: SeriesState, number: Int) {
    if number == functions.count {
      functions.append(series)
    } else if functions[number].entryKey != series.entryKey {
      // The number belonged to a function that is gone.
      functions[number] = series
    }
    functions[number].latency = LatencyHistogram()
    functions[number].lastError = series.lastError
    functions[number].lastErrorAt = series.lastErrorAt
    functions[number].maxUs = series.maxUs
  }
}

extension SeriesDelta {
  /// - Parameter before: nil for a function that had not been called.
  init(_ series: SeriesState, since before: SeriesState?, number: Int32) {
    func grown(_ outcome: RequestOutcome) -> Int64 {
      max(
        0,
        (series.outcomes[ByteText(outcome.rawValue)] ?? 0)
          - (before?.outcomes[ByteText(outcome.rawValue)] ?? 0))
    }
    var ok: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var notOk: [UInt32] = []
    for (place, outcome) in RequestOutcome.allCases.enumerated() {
      let count = grown(outcome)
      if outcome == .ok {
        ok += count
        continue
      }
      if count > 0 { notOk.append(Self.pack(place, count)) }
      if outcome.isRejection { rejected += count } else { failed += count }
    }
    let ended = series.outcomes.values.reduce(Int64(0)) { $0.saturatingAdd($1) }
    let hasEnded = ok > 0 || failed > 0 || rejected > 0
    self.init(
      series: number, started: Int32(clamping: max(0, series.requests - (before?.requests ?? 0))),
      ok: Int32(clamping: ok), failed: Int32(clamping: failed), rejected: Int32(clamping: rejected),
      unavailable: Int32(clamping: grown(.unavailable)),
      retries: Int32(clamping: max(0, series.retries - (before?.retries ?? 0))),
      inFlight: Int32(clamping: max(0, series.requests - ended)),
      latencies: hasEnded ? Self.pack(series.latency - (before?.latency ?? LatencyHistogram())) : [],
      notOk: notOk)
  }
}
