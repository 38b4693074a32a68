import GenAPITelemetry
import GenAPIValue

extension Gateway {
  /// How well the gateway is: its process, threads, nodes, configs, pulls, pools, breakers, limiter and relay.
  ///
  /// - Parameter maxResidentBytes: more memory than this is degraded; nil does not look at memory.
  public func health(maxResidentBytes: Int64? = nil) -> HealthReport {
    let now = clock.wallMicroseconds()
    guard !configuration.isClient else {
      let check = HealthCheck("client", .ok, "sends requests only; serves none")
      return HealthReport(
        node: configuration.node, mode: "client", checkedAt: now, checks: [check] + toldChecks())
    }
    let state = currentState()
    return HealthReport(
      node: configuration.node, mode: "gateway", checkedAt: now,
      checks: [
        processCheck(state.process, maxResidentBytes), functionThreadsCheck(WorkThreads.functions.pressure),
        nodesCheck(state), configStoreCheck(),
        namesCheck(), pullsCheck(state.services), failedConfigsCheck(state.failedConfigs.count),
      ] + state.pools.map { poolCheck($0, state.breakers) } + [
        rateLimiterCheck(), relayCheck(state.relay.count),
      ] + toldChecks())
  }

  /// Lets a part that the gateway itself does not know add checks to every report of its health.
  ///
  /// - Parameter part: its name; the last teller of one counts.
  package func tellChecks(_ part: String, _ teller: @escaping @Sendable () -> [HealthCheck]) {
    checkTellers.withLock { tellers in
      tellers.removeAll { $0.part == part }
      tellers.append((part, teller))
    }
  }

  /// What is degraded that no section of the state tells: `descriptors: hardly any are left`.
  func degradedBeside() -> [ByteText] {
    (toldChecks() + [functionThreadsCheck(WorkThreads.functions.pressure)])
      .filter { $0.status == .degraded && !Self.toldBySections.contains($0.name) }
      .map { ByteText("\($0.name): \($0.detail)").cut(bytes: TextLimit.text) }
  }

  private static let toldBySections: Set<String> = ["readiness", "configuration", "certificates"]

  private func toldChecks() -> [HealthCheck] {
    checkTellers.withLock { $0 }.flatMap { $0.teller() }
  }

  private func processCheck(_ process: ProcessState, _ most: Int64?) -> HealthCheck {
    let used = OperatorText.bytes(process.residentBytes)
    if let most, process.residentBytes > most {
      return HealthCheck("process", .degraded, "\(used) resident, above \(OperatorText.bytes(most))")
    }
    return HealthCheck(
      "process", .ok,
      "\(used) resident, \(process.threads) threads, up \(OperatorText.duration(process.uptimeMs))")
  }

  /// Nodes that a check names.
  private static let mostNodes = 20

  /// Never an error: nodes that are down are down for other gateways too.
  private func nodesCheck(_ state: GatewayState) -> HealthCheck {
    let down = Set(state.nodes.filter { !$0.up }.map(\.node))
    let used = state.nodes.filter { !$0.services.isEmpty || !$0.up }
    if used.isEmpty { return HealthCheck("nodes", .ok, "no other node is called") }
    guard !down.isEmpty else { return HealthCheck("nodes", .ok, "\(used.count) up") }
    let cutOff = Set(
      state.functions.filter { function in
        function.enabled && !function.nodes.isEmpty && function.nodes.allSatisfy(down.contains)
      }.map(\.service)
    ).sorted()
    let told = state.nodes.filter { !$0.up }.sorted { $0.node < $1.node }
    // A reason that all have is said once.
    func unnamed(_ node: ServiceNodeState) -> ByteText? {
      node.reason.map { NodeReason.unnamed(node.node, $0) }
    }
    let common = told.dropFirst().allSatisfy { unnamed($0) == unnamed(told[0]) } ? unnamed(told[0]) : nil
    let named = told.prefix(Self.mostNodes).map { node in
      common == nil
        ? node.reason.map {
          "\(node.node) (\(NodeReason.unnamed(node.node, $0).cut(bytes: 200).shown))"
        } ?? "\(node.node)" : "\(node.node)"
    }
    let more = told.count > Self.mostNodes ? " and \(told.count - Self.mostNodes) more" : ""
    let why = common.map { ": \($0.cut(bytes: 200).shown)" } ?? ""
    let names = "\(named.joined(separator: ", "))\(more)\(why)"
    if cutOff.isEmpty { return HealthCheck("nodes", .degraded, "down: \(names)") }
    return HealthCheck(
      "nodes", .degraded, "down: \(names); no node left for \(cutOff.map(\.asName).joined(separator: ", "))")
  }

  private func configStoreCheck() -> HealthCheck {
    let count = configs.count
    let detail = "\(count) of \(configs.maxFunctions) functions"
    if count >= configs.maxFunctions { return HealthCheck("config_store", .degraded, "full: \(detail)") }
    let isNearlyFull = count * 10 >= configs.maxFunctions * 9
    return HealthCheck("config_store", isNearlyFull ? .degraded : .ok, ByteText(detail).string)
  }

  /// Configs may name functions, hooks and callbacks that nobody registered: their requests fail.
  private func namesCheck() -> HealthCheck {
    let missing = unresolvedNames()
    if missing.isEmpty { return HealthCheck("names", .ok, "all resolve") }
    let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
    return HealthCheck(
      "names", .degraded, "resolve to nothing: \(missing.prefix(5).joined(separator: ", "))\(more)")
  }

  /// Never an error: a source that is gone is gone for other gateways too, and what was pulled before goes on.
  private func pullsCheck(_ services: [ServiceState]) -> HealthCheck {
    let pulled = services.filter { $0.source.split(separator: UInt8(ascii: "+")).contains("pull") }
    if pulled.isEmpty { return HealthCheck("config_pulls", .ok, "no service is pulled") }
    let failing = pulled.filter { $0.pullFailures > 0 }
    if failing.isEmpty { return HealthCheck("config_pulls", .ok, "\(pulled.count) services pulled") }
    let names = failing.prefix(Self.mostNodes).map { service in
      let why = service.lastError.map { ": \($0.cut(bytes: 200).shown)" } ?? ""
      return "\(service.service.asName) (\(service.pullFailures) in a row\(why))"
    }
    let more = failing.count > Self.mostNodes ? " and \(failing.count - Self.mostNodes) more" : ""
    return HealthCheck("config_pulls", .degraded, "failing: \(names.joined(separator: ", "))\(more)")
  }

  private func failedConfigsCheck(_ count: Int) -> HealthCheck {
    count == 0
      ? HealthCheck("failed_configs", .ok, "none")
      : HealthCheck("failed_configs", .degraded, "\(count) refused in the last 24 hours")
  }

  /// All that is wrong with it. Never an error: clients alone can fill a pool, and open its breakers by calling what fails.
  private func poolCheck(_ pool: PoolState, _ breakers: [BreakerState]) -> HealthCheck {
    var faults: [String] = []
    // A half-open one refuses all but its probe, and is not well before that has succeeded.
    let states: [(state: CircuitState, word: String, workers: Int)] = [
      (.open, "open", pool.openWorkers), (.halfOpen, "half-open", pool.halfOpenWorkers),
    ]
    for (state, word, workers) in states {
      if pool.breaker == state {
        faults.append("circuit \(word) after \(pool.consecutiveFailures) failures in a row")
      }
      if workers > 0 { faults.append("\(workers) workers' circuits \(word)") }
      let services = breakers.filter { $0.pool == pool.name && $0.service != nil && $0.state == state }
      guard !services.isEmpty else { continue }
      let names = CircuitText.names(services)
      faults.append(
        services.count == 1 ? "the circuit of \(names) is \(word)" : "the circuits of \(names) are \(word)")
    }
    if pool.queued >= pool.queueLimit { faults.append("the queue is full") }
    let detail = "\(pool.busy) of \(pool.workers) busy, \(pool.queued) of \(pool.queueLimit) queued"
    let isCrowded = pool.busy >= pool.workers && pool.queued * 10 >= pool.queueLimit
    return HealthCheck(
      pool.name.string, faults.isEmpty && !isCrowded ? .ok : .degraded,
      (faults + [detail]).joined(separator: "; "))
  }

  private func rateLimiterCheck() -> HealthCheck {
    let configuration = rateLimiter.configuration
    guard configuration.enabled else { return HealthCheck("rate_limiter", .ok, "switched off") }
    let tracked = rateLimiter.trackedKeys
    let evicted = rateLimiter.evictedKeys
    let limits = rateLimiter.limits.count
    let detail = "\(limits) limits, \(tracked) of \(configuration.maxTrackedKeys) keys"
    if evicted > 0 {
      return HealthCheck("rate_limiter", .degraded, "\(detail), \(evicted) pushed out before their time")
    }
    return HealthCheck("rate_limiter", .ok, ByteText(detail).string)
  }

  /// Never an error: clients make the groups.
  private func relayCheck(_ groups: Int) -> HealthCheck {
    let most = configuration.relay.groups
    return HealthCheck("relay", groups >= most ? .degraded : .ok, "\(groups) of \(most) groups")
  }
}
