import GenAPITelemetry
import GenAPIValue

extension TargetHistory {
  /// What happened between two states of the same gateway.
  ///
  /// - Parameter earlier: what the functions were that may have done something; nil where all are looked at.
  mutating func deltas(
    _ state: GatewayState, since base: GatewayState, second: Int64, isWhole: Bool,
    earlier: [Int: SeriesCounts]?
  ) -> SecondSample {
    var sample = SecondSample(second: second, process: state.process, since: base.process)
    sample.series = PackedSeries(
      earlier.map { changedDeltas(state.series, $0) } ?? seriesDeltas(state, base, isWhole: isWhole))
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
          latencies: SeriesDelta.pack(node.latency, since: old.latency)))
    }
    sample.events = Int32(clamping: max(0, state.totals.eventsEmitted - base.totals.eventsEmitted))
    let sockets = (state.sockets, base.sockets)
    sample.acceptFailures = Int32(clamping: max(0, sockets.0.acceptFailures - sockets.1.acceptFailures))
    sample.refusedHandshakes = Int32(clamping: max(0, sockets.0.handshakes - sockets.1.handshakes))
    return sample
  }

  /// What the functions are, by their places in the list, that a gateway tells of anew, and those that have requests under way: of the
  /// others nothing is looked at. nil where functions come, or some are not told apart.
  func earlier(_ changed: [SeriesState], in series: [SeriesState]) -> [Int: SeriesCounts]? {
    // After the first state none has a number yet.
    guard baseNumbers.count == series.count, leftOut == 0 else { return nil }
    var earlier: [Int: SeriesCounts] = [:]
    earlier.reserveCapacity(awake.count + changed.count)
    // Where they lie: a copy of one would count a dozen references.
    return series.withUnsafeBufferPointer { series in
      changed.withUnsafeBufferPointer { changed in
        for position in awake { earlier[position] = SeriesCounts(series[position]) }
        var next = 0
        for entry in changed.indices {
          guard let position = position(of: changed[entry], in: series, from: next) else { return nil }
          earlier[position] = SeriesCounts(series[position])
          next = position + 1
        }
        return earlier
      }
    }
  }

  /// Where a function stands that is told after the one before a place: nearly always what is told is in the order of the list, and only
  /// where it leaps far a name is looked up.
  private func position(
    of entry: SeriesState, in series: UnsafeBufferPointer<SeriesState>, from next: Int
  ) -> Int? {
    if let position = series.near(next, where: { $0.pointee.isSameEntry(as: entry) }) { return position }
    guard let number = self.series.find(entry.entryKey), Int(number) < basePositions.count,
      case let position = Int(basePositions[Int(number)]), position >= 0, position < series.count,
      series[position].isSameEntry(as: entry)
    else { return nil }
    return position
  }

  private mutating func changedDeltas(_ series: [SeriesState], _ earlier: [Int: SeriesCounts])
    -> [SeriesDelta]
  {
    forgetPositions(from: series.count)
    var deltas: [SeriesDelta] = []
    deltas.reserveCapacity(earlier.count)
    for (position, before) in earlier where position < baseNumbers.count {
      let number = baseNumbers[position]
      if let delta = delta(series[position], before, at: position, number: number) { deltas.append(delta) }
    }
    deltas.sort { $0.series < $1.series }
    return deltas
  }

  /// For those at the end of the list there was no memory.
  private mutating func forgetPositions(from count: Int) {
    while baseNumbers.count > count {
      let number = Int(baseNumbers.removeLast())
      if basePositions[number] == baseNumbers.count { basePositions[number] = -1 }
      awake.remove(baseNumbers.count)
    }
  }

  /// What one function did; nil for one that did nothing and has nothing under way.
  private mutating func delta(_ now: SeriesState, _ before: SeriesCounts, at position: Int, number: Int32)
    -> SeriesDelta?
  {
    let isAwake = now.inFlight > 0
    if isAwake { awake.insert(position) } else { awake.remove(position) }
    if !isAwake, before.countsAs(now) { return nil }
    note(now, number: Int(number))
    let delta = SeriesDelta(now, since: before, number: number)
    return delta.hasHappened ? delta : nil
  }

  private mutating func seriesDeltas(_ state: GatewayState, _ base: GatewayState, isWhole: Bool)
    -> [SeriesDelta]
  {
    var old = EntryMatcher(base.series)
    var deltas: [SeriesDelta] = []
    var numbers: [Int32] = []
    numbers.reserveCapacity(state.series.count)
    let wereAwake = awake
    awake = []
    basePositions = Array(repeating: -1, count: functions.count)
    // Where they lie: what did nothing is not copied, which would count a dozen references.
    state.series.withUnsafeBufferPointer { now in
      base.series.withUnsafeBufferPointer { was in
        var next = 0
        for index in now.indices {
          // Nearly always the lists are in one order.
          let isNext = next < was.count && was[next].isSameEntry(as: now[index])
          let position = isNext ? next : old.position(of: now[index])
          if let position { next = position + 1 }
          let known = position.flatMap {
            $0 < baseNumbers.count && baseNumbers[$0] >= 0 ? baseNumbers[$0] : nil
          }
          guard let number = known ?? number(of: now[index]) else {
            numbers.append(-1)
            continue
          }
          numbers.append(number)
          while basePositions.count <= Int(number) { basePositions.append(-1) }
          if basePositions[Int(number)] < 0 { basePositions[Int(number)] = Int32(index) }
          let isLike: Bool
          if let position { isLike = was[position].countsAs(now[index]) } else { isLike = isWhole }
          // What counted nothing has under way what it had.
          let wasResting = known != nil && position.map { !wereAwake.contains($0) } ?? false
          if isLike, wasResting { continue }
          if now[index].inFlight > 0 { awake.insert(index) }
          if isLike, !awake.contains(index) { continue }
          note(now[index], number: Int(number))
          let before = position.map { SeriesCounts(was[$0]) } ?? (isWhole ? SeriesCounts(now[index]) : nil)
          let delta = SeriesDelta(now[index], since: before, number: number)
          if delta.hasHappened { deltas.append(delta) }
        }
      }
    }
    baseNumbers = numbers
    leftOut = numbers.count { $0 < 0 }
    // Nearly always they are: numbers are given in the order of the list.
    for index in deltas.indices.dropFirst() where deltas[index - 1].series > deltas[index].series {
      deltas.sort { $0.series < $1.series }
      break
    }
    return deltas
  }

  /// Of one that the state before had not, or that got none then.
  private mutating func number(of series: SeriesState) -> Int32? {
    guard let number = self.series.number(series.entryKey) else { return nil }
    note(series, number: Int(number))
    return number
  }

  private mutating func note(_ series: SeriesState, number: Int) {
    if number == functions.count || !functions[number].isSameEntry(as: series) {
      // What it counts is in the samples.
      var named = SeriesState(
        service: series.service, requestType: series.requestType, version: series.version)
      named.noteEnds(of: series)
      if number == functions.count {
        functions.append(named)
        functionKeys.append(series.entryKey)
      } else {
        // The number belonged to a function that is gone.
        functions[number] = named
        functionKeys[number] = series.entryKey
      }
      namesStamp = Stamp()
      endsStamp = Stamp()
    } else if !functions[number].hasSameEnds(as: series) {
      functions[number].noteEnds(of: series)
      endsStamp = Stamp()
    }
  }
}

extension SecondSample {
  /// What a process did in a second in which the gateway did nothing.
  init(second: Int64, process: ProcessState, since before: ProcessState) {
    self.init(second: second)
    droppedLogLines = Int32(clamping: max(0, process.droppedLogLines - before.droppedLogLines))
    cpuSeconds = max(0, process.cpuSeconds - before.cpuSeconds)
  }
}

extension SocketsState {
  /// Those that were refused, for whatever reason.
  fileprivate var handshakes: Int64 {
    refusedHandshakes.values.reduce(0) { Bounds.count($0 + $1) }
  }
}

extension SeriesState {
  /// Whether how a request failed last, and why one was refused last, is the same: times differ where anything does.
  fileprivate func hasSameEnds(as other: SeriesState) -> Bool {
    lastErrorAt == other.lastErrorAt && lastRefusalAt == other.lastRefusalAt && lastError == other.lastError
      && lastRefusal == other.lastRefusal
  }

  fileprivate mutating func noteEnds(of other: SeriesState) {
    lastError = other.lastError
    lastErrorAt = other.lastErrorAt
    lastRefusal = other.lastRefusal
    lastRefusalAt = other.lastRefusalAt
  }

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
  /// It did something, or has something under way.
  fileprivate var hasHappened: Bool { started > 0 || finished > 0 || inFlight > 0 || endsOtherwise }

  /// - Parameter before: nil for a function that had not been called.
  init(_ series: SeriesState, since before: SeriesCounts?, number: Int32) {
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
      latencies: hasEnded ? Self.pack(series.latency, since: before?.latency ?? LatencyHistogram()) : [],
      notOk: notOk)
  }
}
