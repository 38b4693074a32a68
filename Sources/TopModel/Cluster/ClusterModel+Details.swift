import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One function by gateway and by outcome, over the window.
  package func function(
    service: ByteText, requestType: ByteText, version: ByteText?, _ settings: ViewSettings
  )
    -> FunctionView
  {
    var view = FunctionView()
    var endings: [RequestOutcome: Int64] = [:]
    let key = SeriesState(service: service, requestType: requestType, version: version).entryKey
    let told = scoped(settings).compactMap { target, _ in
      target.state.unknown.contains(.series)
        ? nil : target.history.series.find(key).map { (target: target, number: $0) }
    }
    // As in its row: what silent gateways told last counts only where no other tells of it.
    let isAnyLive = told.contains { !isStale($0.target, settings) }
    for (target, number) in told {
      let source = requestSource(target, settings)
      let parts = [FunctionParts.Part(source: 0, number: number)][...]
      let total = FunctionTotal(parts, [source])
      var part = FunctionView.Part(node: target.name, isStale: source.isStale)
      part.requestsPerSecond = total.rate
      part.isKept = source.isKept
      part.goesOn = total.goesOn
      part.watchedSeconds = source.watched
      part.errorPercent = total.errorPercent
      part.rejectedPercent = total.rejectedPercent
      part.retries = total.counts.retries
      source.forEachSecond(of: Int(number)) { seconds, delta in
        if seconds.upperBound == source.end { part.inFlight += Int64(delta.inFlight) }
        if source.isStale, isAnyLive { return }
        endings[.ok, default: 0] += Int64(delta.ok)
        for (outcome, count) in delta.endings { endings[outcome, default: 0] += count }
      }
      let latency = FunctionTotal.latency(parts, [source])
      part.p50 = latency.quantile(0.5)
      part.p99 = latency.quantile(0.99)
      view.gateways.append(part)
    }
    // Where it fails stands first: of ten gateways few rows are seen.
    view.gateways.sort { one, other in
      if one.isStale != other.isStale { return other.isStale }
      if one.trouble != other.trouble { return one.trouble > other.trouble }
      return one.node.precedesNaturally(other.node)
    }
    view.endings = endings.filter { $0.value > 0 }
      .map { FunctionView.Ending(outcome: $0.key, count: $0.value) }
      .sorted { a, b in
        if (a.outcome == .ok) != (b.outcome == .ok) { return a.outcome == .ok }
        return (a.count, b.outcome.rawValue) > (b.count, a.outcome.rawValue)
      }
    addSurroundings(service, requestType, version, settings, to: &view)
    return view
  }

  /// The nodes that run it and the hooks around it, as its config names them.
  private func addSurroundings(
    _ service: ByteText, _ requestType: ByteText, _ version: ByteText?, _ settings: ViewSettings,
    to view: inout FunctionView
  ) {
    var unfiltered = settings
    unfiltered.filter = FilterExpression()
    let function = configs(unfiltered).functions.config(
      service: service, requestType: requestType, version: version)
    view.serviceNodes = nodes(unfiltered).filter { row in
      row.kind == .service
        && (function?.nodes.contains(row.name) == true || row.services.contains(service))
    }
    guard let names = function?.hooks, !names.isEmpty else { return }
    var hooks: [ByteText: HookState] = [:]
    let isAnyLive = gateways.contains { !isStale($0, settings) }
    for target in gateways where !isAnyLive || !isStale(target, settings) {
      for hook in target.state.hooks where names.contains(where: { hook.isCalled($0) }) {
        hooks[
          hook.entryKey, default: HookState(module: hook.module, function: hook.function, phase: hook.phase)
        ]
        .add(hook)
      }
    }
    view.hooks = hooks.values.sorted {
      ($1.phase, $0.module, $0.function) < ($0.phase, $1.module, $1.function)
    }
  }

  /// Sockets, hooks and subscribers of one gateway, as told last; nil when there is no such gateway.
  package func gateway(named name: ByteText) -> GatewayView? {
    guard let target = gateways.first(where: { $0.name == name }) else { return nil }
    var view = GatewayView()
    view.sockets = target.state.sockets
    view.configuration = target.state.configuration
    view.certificates = target.state.certificates
    view.hooks = target.state.hooks.sorted {
      ($1.phase, $0.module, $0.function) < ($0.phase, $1.module, $1.function)
    }
    view.subscribers = target.state.subscribers
    view.threads = target.state.process.threads
    view.uptimeMs = target.state.process.uptimeMs
    view.droppedLogLines = target.state.process.droppedLogLines
    view.totals = target.state.totals
    view.limiter = target.state.limiter
    view.cut = target.cut
    view.unknown = target.state.unknown
    view.isTold = target.hasTold
    return view
  }
}

extension HookState {
  /// A config names a hook by its module and function, with the phase before it or not.
  fileprivate func isCalled(_ name: ByteText) -> Bool {
    name == "\(module).\(function)" || name == "\(phase) \(module).\(function)"
      || name == "\(module):\(function)"
      || name == module || name.hasSuffix("\(module).\(function)")
  }

  fileprivate mutating func add(_ other: HookState) {
    runs = Bounds.count(runs + other.runs)
    failures = Bounds.count(failures + other.failures)
    latency += other.latency
  }
}
