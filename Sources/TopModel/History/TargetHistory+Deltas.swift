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
      let failovers = min(max(0, node.failovers - old.failovers), node.calls - old.calls)
      sample.nodes.append(
        NodeDelta(
          key: key, calls: Int32(clamping: node.calls - old.calls),
          failures: Int32(clamping: max(0, node.failures - old.failures - failovers)),
          failovers: Int32(clamping: failovers),
          latencies: SeriesDelta.pack(node.latency - old.latency)))
    }
    sample.events = Int32(clamping: max(0, state.totals.eventsEmitted - base.totals.eventsEmitted))
    let sockets = (state.sockets, base.sockets)
    sample.acceptFailures = Int32(clamping: max(0, sockets.0.acceptFailures - sockets.1.acceptFailures))
    sample.droppedLogLines = Int32(
      clamping: max(0, state.process.droppedLogLines - base.process.droppedLogLines))
    sample.refusedHandshakes = Int32(clamping: max(0, sockets.0.handshakes - sockets.1.handshakes))
    sample.cpuSeconds = max(0, state.process.cpuSeconds - base.process.cpuSeconds)
    return sample
  }

  private mutating func seriesDeltas(_ state: GatewayState, _ base: GatewayState, isWhole: Bool)
    -> [SeriesDelta]
  {
    if state.series.shares(base.series), !isWhole, idle == baseNumbers.count { return [] }
    var old = EntryMatcher(base.series)
    var deltas: [SeriesDelta] = []
    var numbers: [Int32] = []
    numbers.reserveCapacity(state.series.count)
    idle = 0
    // By index: what did nothing is not copied, which would count a dozen references.
    for index in state.series.indices {
      let position = old.position(of: state.series[index])
      guard let number = number(of: state.series[index], wasAt: position) else {
        numbers.append(-1)
        continue
      }
      numbers.append(number)
      let isLike = position.map { base.series[$0].countsAs(state.series[index]) } ?? isWhole
      if isLike, state.series[index].inFlight == 0 {
        idle += 1
        continue
      }
      let series = state.series[index]
      note(series, number: Int(number))
      let before = position.map { base.series[$0] } ?? (isWhole ? series : nil)
      let delta = SeriesDelta(series, since: before, number: number)
      if delta.started > 0 || delta.finished > 0 || delta.inFlight > 0 || !delta.notOk.isEmpty {
        deltas.append(delta)
      }
    }
    baseNumbers = numbers
    return deltas
  }

  /// - Parameter position: where it stood in the state before.
  private mutating func number(of series: SeriesState, wasAt position: Int?) -> Int32? {
    if let position, position < baseNumbers.count, baseNumbers[position] >= 0 { return baseNumbers[position] }
    guard let number = self.series.number(series.entryKey) else { return nil }
    note(series, number: Int(number))
    return number
  }

  private mutating func note(_ series: SeriesState, number: Int) {
    if number == functions.count {
      functions.append(series)
      functionKeys.append(series.entryKey)
    } else if !functions[number].isSameEntry(as: series) {
      // The number belonged to a function that is gone.
      functions[number] = series
      functionKeys[number] = series.entryKey
    }
    functions[number].latency = LatencyHistogram()
    functions[number].lastError = series.lastError
    functions[number].lastErrorAt = series.lastErrorAt
    functions[number].lastRefusal = series.lastRefusal
    functions[number].lastRefusalAt = series.lastRefusalAt
    functions[number].maxUs = series.maxUs
  }
}

extension SocketsState {
  /// Those that were refused, for whatever reason.
  fileprivate var handshakes: Int64 {
    refusedHandshakes.values.reduce(0) { Bounds.count($0 + $1) }
  }
}

extension SeriesState {
  /// Requests that have begun and not ended.
  fileprivate var inFlight: Int64 {
    max(0, requests - outcomes.values.reduce(Int64(0)) { $0.saturatingAdd($1) })
  }

  /// Whether nothing was counted between the two.
  fileprivate func countsAs(_ later: SeriesState) -> Bool {
    requests == later.requests && retries == later.retries && outcomes == later.outcomes
  }
}

extension SeriesDelta {
  /// - Parameter before: nil for a function that had not been called.
  init(_ series: SeriesState, since before: SeriesState?, number: Int32) {
    var ok: Int64 = 0
    var failed: Int64 = 0
    var rejected: Int64 = 0
    var unavailable: Int64 = 0
    var notOk: [UInt32] = []
    for (name, ended) in series.outcomes {
      guard let outcome = RequestOutcome(name) else { continue }
      let count = max(0, ended - (before?.outcomes[name] ?? 0))
      if outcome == .ok {
        ok += count
        continue
      }
      if count > 0 { notOk.append(Self.pack(outcome.index, count)) }
      if outcome == .unavailable { unavailable += count }
      if outcome.isRejection { rejected += count } else if outcome.isFailure { failed += count }
    }
    // As others are, with which they are added up.
    notOk.sort()
    let hasEnded = ok > 0 || !notOk.isEmpty
    self.init(
      series: number, started: Int32(clamping: max(0, series.requests - (before?.requests ?? 0))),
      ok: Int32(clamping: ok), failed: Int32(clamping: failed), rejected: Int32(clamping: rejected),
      unavailable: Int32(clamping: unavailable),
      retries: Int32(clamping: max(0, series.retries - (before?.retries ?? 0))),
      inFlight: Int32(clamping: series.inFlight),
      latencies: hasEnded ? Self.pack(series.latency - (before?.latency ?? LatencyHistogram())) : [],
      notOk: notOk)
  }
}
