import ErlangTerms
import GenAPITelemetry
import OutsideText

extension AttachedModel {
  /// The whole state, of what came last.
  func state() -> GatewayState {
    var state = GatewayState()
    fillSeries(&state)
    fillEvents(&state)
    state.limits = limits()
    state.hotKeys = hotKeys()
    state.pools = pools()
    state.breakers = breakers()
    state.functions = functions
    state.services = services()
    state.configChanges = changes()
    state.failedConfigs = failed()
    state.relay = groups()
    state.nodes = nodes()
    state.process = ProcessState(
      cpuSeconds: Double(scalars[atom: "runtime_ms"]?.count ?? 0) / 1_000,
      residentBytes: scalars[atom: "memory"]?.count ?? 0,
      threads: Int(clamping: scalars[atom: "schedulers"]?.count ?? 0),
      uptimeMs: scalars[atom: "uptime_ms"]?.count ?? 0)
    state.readiness = readiness
    state.unknown = unknown
    return state
  }

  private var readiness: ReadinessState {
    if scalars[atom: "library"] == .atom("stopped") {
      return ReadinessState(fault: "the application phoenix_gen_api has stopped")
    }
    if scalars[atom: "library"] == .atom("client") {
      return ReadinessState(fault: "phoenix_gen_api runs in client mode: it is no gateway")
    }
    if scalars[atom: "attached"] == .atom("false") {
      let faults = scalars[atom: "faults"]?.count ?? 0
      return ReadinessState(
        phase: "ready", fault: "nothing is counted: the agent's handler is off after \(faults) faults")
    }
    if let fault = limiterFault { return ReadinessState(fault: fault) }
    return ReadinessState(fault: nil)
  }

  // MARK: What was counted

  private func fillSeries(_ state: inout GatewayState) {
    var series: [ByteText: SeriesState] = [:]
    for (key, row) in rows {
      guard let parts = key.tupleElements else {
        if key == .atom("other"), row.requests > 0 { add(row, "(unsupported)", "(any)", &series) }
        continue
      }
      switch (parts.first, parts.count) {
      case (.atom("hook")?, 4):
        state.hooks.append(
          HookState(
            module: parts[2].name ?? "", function: parts[3].name ?? "", phase: parts[1].name ?? "",
            runs: row.requests,
            failures: row.outcome(.exception), latency: row.latency))
      case (.atom("pool")?, 2), (.atom("limit")?, 5): continue
      case (_, 2):
        if let service = parts[0].name, let type = parts[1].name {
          add(row, service, type, &series)
        } else {
          // The library takes any JSON for a name, and finds no function of it.
          add(row, "(unsupported)", "(any)", &series)
        }
      default: continue
      }
    }
    // Those that nobody has called yet are functions too, as with a gateway of ours; who counts nothing cannot tell which.
    for function in functions where hasAgent {
      let idle = SeriesState(service: function.service, requestType: function.requestType)
      if series[idle.entryKey] == nil { series[idle.entryKey] = idle }
    }
    state.series = series.values.sorted { $0.entryKey < $1.entryKey }
    state.hooks.sort { $0.entryKey < $1.entryKey }
    for entry in state.series { add(entry, to: &state.totals) }
  }

  /// A service's name may have come as an atom and as a text: both are one.
  private func add(_ row: Row, _ service: ByteText, _ type: ByteText, _ series: inout [ByteText: SeriesState])
  {
    guard row.requests > 0 else { return }
    let new = SeriesState(service: service, requestType: type)
    var entry = series[new.entryKey] ?? new
    entry.requests = entry.requests.saturatingAdd(row.requests)
    for (outcome, count) in zip(RequestOutcome.allCases, row.outcomes) where count > 0 {
      entry.outcomes[ByteText(outcome.rawValue), default: 0] += count
    }
    // Nobody was answered: the process died in the midst of it, as when its function raises.
    if row.unfinished > 0 {
      entry.outcomes[ByteText(RequestOutcome.exception.rawValue), default: 0] += row.unfinished
    }
    entry.retries = entry.retries.saturatingAdd(row.retries)
    entry.latency += row.latency
    entry.maxUs = max(entry.maxUs, row.maxUs)
    if let at = row.lastErrorAt, at > entry.lastErrorAt ?? 0 {
      entry.lastError = row.lastError
      entry.lastErrorAt = at
    }
    series[new.entryKey] = entry
  }

  private func add(_ entry: SeriesState, to totals: inout TotalsState) {
    totals.requests = totals.requests.saturatingAdd(entry.requests)
    totals.retries = totals.retries.saturatingAdd(entry.retries)
    var ended: Int64 = 0
    for outcome in RequestOutcome.allCases {
      let count = entry.outcomes[ByteText(outcome.rawValue)] ?? 0
      ended = ended.saturatingAdd(count)
      if outcome == .ok {
        totals.ok = totals.ok.saturatingAdd(count)
      } else if outcome.isRejection {
        totals.rejected = totals.rejected.saturatingAdd(count)
      } else if outcome.isGivenUp {
        totals.cancelled = totals.cancelled.saturatingAdd(count)
      } else {
        totals.failed = totals.failed.saturatingAdd(count)
      }
      if outcome == .exception { totals.exceptions = totals.exceptions.saturatingAdd(count) }
    }
    totals.inFlight = totals.inFlight.saturatingAdd(max(0, entry.requests - ended))
  }

  private func fillEvents(_ state: inout GatewayState) {
    let counts = scalars[atom: "events"]?.listElements ?? []
    for (name, count) in zip(EventName.catalogue, counts) where count.count > 0 {
      state.totals.events[name.path] = count.count
      // Since the agent came, whoever watches: what each watcher asks to be sent is its own.
      state.totals.eventsEmitted = state.totals.eventsEmitted.saturatingAdd(count.count)
    }
  }
}

extension AttachedModel.Row {
  func outcome(_ outcome: RequestOutcome) -> Int64 {
    RequestOutcome.allCases.firstIndex(of: outcome).map { outcomes[$0] } ?? 0
  }
}
