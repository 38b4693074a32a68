import GenAPITelemetry
import GenAPIValue

/// A gateway's numbers as text, for a console: what the document's console helpers print.
public struct OperatorReports: Sendable {
  let gateway: Gateway

  /// Rows in columns, each as wide as its widest cell.
  package static func table(_ rows: [[any CustomStringConvertible]]) -> String { OperatorText.table(rows) }

  // MARK: Rate limits

  /// Every limit that counts a user, with what is used of it: `rl_status(user_id)`.
  public func rateLimitStatus(user userID: ByteText) -> String {
    let rows = statuses(ofUser: userID).map { scope, status -> OperatorText.Row in
      [
        FunctionPath.shown(ByteText(scope.description)).string,
        "\(status.currentRequests)/\(status.limit.maxRequests)",
        "\(status.remaining) left", "in \(status.limit.windowMs) ms",
      ]
    }
    return rows.isEmpty ? "No limit counts users." : OperatorText.table([["SCOPE", "USED", "", ""]] + rows)
  }

  /// The same as values.
  package func usages(ofUser userID: ByteText) -> [RequestInspection.Usage] {
    statuses(ofUser: userID).map { _, status in
      RequestInspection.Usage(keyValue: userID, status)
    }
  }

  private func statuses(ofUser userID: ByteText) -> [(RateLimitScope, RateLimitStatus)] {
    let limiter = gateway.rateLimiter
    let configuration = limiter.configuration
    var scopes: [RateLimitScope] = []
    for limit in configuration.globalLimits + configuration.apiLimits
    where limit.key == .field(.userID) && !scopes.contains(limit.scope) {
      scopes.append(limit.scope)
    }
    return scopes.flatMap { scope in
      limiter.status(keyValue: userID, scope: scope, key: .field(.userID)).map { (scope, $0) }
    }
  }

  /// The limits over all requests: `rl_global()`.
  public func globalLimits() -> String {
    limits(gateway.rateLimiter.limits.filter { $0.scope == .global }, none: "No global limits.")
  }

  /// Every limit, global ones first: `rl_config()`.
  public func rateLimits() -> String {
    var text = limitNumbers()
    let hot = hotKeys()
    if !hot.isEmpty { text += "\n\n" + hot }
    return gateway.rateLimiter.configuration.enabled ? text : "The rate limiter is switched off.\n" + text
  }

  private func limitNumbers() -> String {
    let states = gateway.rateLimiter.limitStates()
    guard !states.isEmpty else { return "No limits." }
    let now = gateway.clock.wallMicroseconds()
    return OperatorText.table(
      [["SCOPE", "KEY", "MAX", "WINDOW", "CHECKED", "REFUSED", "LAST REFUSED"]]
        + states.map { state in
          [
            FunctionPath.shown(state.scope).string, state.key, "\(state.maxRequests)", "\(state.windowMs) ms",
            "\(state.checks)",
            "\(state.rejections)",
            state.lastRejectionAt.map { "\(OperatorText.duration(max(0, now - $0) / 1_000)) ago" } ?? "-",
          ]
        })
  }

  /// Those closest to their limits, with who is refused now; as many as the stream tells.
  private func hotKeys() -> String {
    let keys = gateway.rateLimiter.hotKeys()
    guard !keys.isEmpty else { return "" }
    return OperatorText.table(
      [["CLOSEST", "LIMIT", "USED", "REFUSED", ""]]
        + keys.map { key in
          [
            key.keyValue.cut(bytes: 64), key.limit.string, "\(key.used)/\(key.max)", "\(key.rejections)",
            key.used >= key.max ? "refused now, for \(OperatorText.duration(key.resetMs))" : "",
          ]
        })
  }

  private func limits(_ limits: [RateLimit], none: String) -> String {
    guard !limits.isEmpty else { return none }
    return OperatorText.table(
      [["SCOPE", "KEY", "MAX", "WINDOW"]]
        + limits.map {
          [
            FunctionPath.shown(ByteText($0.scope.description)).string, $0.key.description,
            "\($0.maxRequests)", "\($0.windowMs) ms",
          ]
        })
  }

  // MARK: Configs

  /// How many functions there are, and of which services: `cache_status()`.
  public func configStore() -> String {
    let services = gateway.configs.services
    let names = services.isEmpty ? "none" : services.map(\.asName).joined(separator: ", ")
    return "\(gateway.configs.count) functions of \(services.count) services: \(names.shown)"
  }

  /// The services that pushed their configs: `pushed_services_status()`.
  public func pushedServices() -> String {
    let pushed = gateway.receiver.pushed.sorted { $0.key < $1.key }
    guard !pushed.isEmpty else { return "No pushed services registered." }
    return OperatorText.table(
      [["SERVICE", "VERSION", "AUTO-PULL"]]
        + pushed.map { [$0.key, $0.value.version, $0.value.config.pullFunction == nil ? "no" : "yes"] })
  }

  /// The configs that were refused, with the reasons: `failed_configs_print()`.
  public func failedConfigs(_ filter: FailedConfigFilter = FailedConfigFilter()) -> String {
    let failed = gateway.configs.failedConfigs(filter)
    guard !failed.isEmpty else { return "No refused configs." }
    return OperatorText.table(
      [["ID", "SERVICE", "REQUEST TYPE", "VERSION", "SOURCE", "REASONS"]]
        + failed.map {
          [
            "\($0.id)", $0.service, $0.requestType ?? "-", $0.version ?? "-", $0.source.rawValue,
            $0.reasons.joined(separator: "; ").string,
          ]
        })
  }

  // MARK: Pools

  /// Both worker pools, and the circuits that are not closed: `pool_status()`.
  public func pools() -> String {
    let pools = [gateway.asyncPool.poolState(), gateway.streamPool.poolState()]
    let breakers = gateway.asyncPool.breakerStates() + gateway.streamPool.breakerStates()
    let circuits = CircuitText.table(breakers, now: gateway.clock.wallMicroseconds())
    return OperatorText.table(
      [["POOL", "IDLE", "BUSY", "OPEN", "QUEUED", "CIRCUIT", "EXECUTED", "FAILED", "CANCELLED", "REJECTED"]]
        + pools.map {
          [
            $0.name, "\($0.idle)", "\($0.busy)", "\($0.openWorkers)", "\($0.queued)", circuit(of: $0),
            "\($0.executed)", "\($0.failed)", "\($0.cancelled)", "\($0.rejected)",
          ]
        }) + (circuits.isEmpty ? "" : "\n\n" + circuits)
  }

  /// The pool's own, or how many within it are not closed.
  private func circuit(of pool: PoolState) -> String {
    let (open, halfOpen) = (
      pool.openServices + pool.openWorkers, pool.halfOpenServices + pool.halfOpenWorkers
    )
    return pool.breaker != .closed
      ? pool.breaker.word.string
      : open > 0 ? "\(open) open" : halfOpen > 0 ? "\(halfOpen) half-open" : pool.breaker.word.string
  }

  // MARK: The whole

  /// The health, part by part: `health_print()`.
  public func health(maxResidentBytes: Int64? = nil) -> String {
    let report = gateway.health(maxResidentBytes: maxResidentBytes)
    return "\(report.node.shown) (\(report.mode)): \(report.status.rawValue)\n"
      + OperatorText.table(report.checks.map { ["  \($0.name)", $0.status.rawValue, $0.detail] })
  }

  /// Requests and latency of every function: `stats_print()`.
  public func statistics() -> String {
    let state = gateway.currentState()
    let totals = state.totals
    let head =
      "\(totals.requests) requests: \(totals.ok) ok, \(totals.failed) failed, \(totals.rejected) rejected, \(totals.cancelled) given up, "
      + "\(totals.inFlight) in flight; \(totals.invalid) invalid payloads, \(totals.retries) retries"
    let rows: [OperatorText.Row] = state.series.map { series in
      [
        FunctionPath.shown(service: series.service, requestType: series.requestType).string,
        series.version ?? "-", "\(series.requests)",
        "\(count(series, { $0 == .ok }))", "\(count(series, \.isFailure))", "\(count(series, \.isRejection))",
        "\(count(series, \.isGivenUp))",
        // A bucket's middle may lie above all that was measured.
        micros(series.latency.quantile(0.5).map { min($0, series.maxUs) }),
        micros(series.latency.quantile(0.99).map { min($0, series.maxUs) }),
        micros(series.latency.count > 0 ? series.maxUs : nil), last(series.lastError, series.lastErrorAt),
        last(series.lastRefusal, series.lastRefusalAt),
      ]
    }
    guard !rows.isEmpty else { return head }
    return head + "\n"
      + OperatorText.table(
        [
          [
            "FUNCTION", "VERSION", "REQUESTS", "OK", "FAILED", "REJECTED", "GIVEN UP", "P50", "P99", "MAX",
            "LAST ERROR", "LAST REFUSAL",
          ]
        ] + rows)
  }

  private func count(_ series: SeriesState, _ kind: (RequestOutcome) -> Bool) -> Int64 {
    series.outcomes.reduce(0) { sum, entry in
      RequestOutcome(rawValue: entry.key.string).map(kind) == true ? sum + entry.value : sum
    }
  }

  /// At the end of the line, so that it may be long.
  private func last(_ error: ByteText?, _ at: Int64?) -> String {
    guard let error else { return "-" }
    let ageMs = at.map { max(0, gateway.clock.wallMicroseconds() - $0) / 1_000 }
    return error.cut(bytes: 120).shown + (ageMs.map { ", \(OperatorText.duration($0)) ago" } ?? "")
  }

  private func micros(_ value: Int64?) -> String {
    guard let value else { return "-" }
    return value < 1_000 ? "\(value) µs" : "\(OperatorText.oneDecimal(Double(value) / 1_000)) ms"
  }

  /// The nodes: `cluster_print()`.
  public func cluster() -> String {
    let view = gateway.clusterView()
    let head = "\(view.node.shown) (\(view.mode)), \(view.connected.count) of \(view.nodes.count) nodes up"
    guard !view.nodes.isEmpty else { return head }
    return head + "\n"
      + OperatorText.table(
        [["NODE", "STATE", "CALLS", "FAILED", "FAILOVERS", "P99", "SERVICES", "WHY DOWN"]]
          + view.nodes.map {
            [
              $0.node, $0.up ? "up" : "down", "\($0.calls)", "\($0.failures)", "\($0.failovers)",
              micros($0.p99Us),
              $0.services.map(\.asName).joined(separator: ", ").string,
              $0.reason?.cut(bytes: 200).shown ?? "",
            ]
          })
  }

  /// What happens to a request for a function: `call_flow_print()`.
  public func callFlow(service: ByteText, requestType: ByteText, version: ByteText? = nil) async -> String {
    let flow = await gateway.callFlow(service: service, requestType: requestType, version: version)
    let name = FunctionPath.shown(service: service, requestType: requestType)
    var lines = ["\(name) \(flow.version?.asName ?? "(no version)")"]
    if let error = flow.error { lines.append("  \(error)") }
    if let error = flow.nodesError { lines.append("  nodes: \(error)") }
    if !flow.unreachableNodes.isEmpty {
      lines.append("  down: \(flow.unreachableNodes.joined(separator: ", "))")
    }
    if !flow.unknownNodes.isEmpty {
      lines.append("  not called yet: \(flow.unknownNodes.joined(separator: ", "))")
    }
    for circuit in flow.circuits.prefix(CircuitText.mostRows) {
      let state = CircuitText.state(circuit, now: gateway.clock.wallMicroseconds())
      lines.append("  circuit of \(CircuitText.subject(circuit)) in \(circuit.pool): \(state)")
    }
    if let refusal = flow.refusal { lines.append("  refused now: \(refusal)") }
    for limit in flow.globalLimits + flow.functionLimits { lines.append("  limit: \(limit)") }
    let steps = flow.steps.enumerated().map { step -> OperatorText.Row in
      ["  \(step.offset + 1)", step.element.phase.rawValue, step.element.text]
    }
    return OperatorText.lines(lines) + "\n" + OperatorText.table(steps)
  }

  /// What would become of a request, without calling or counting anything: `inspect_print()`.
  public func inspection(of request: Request) async -> String {
    let inspection = await gateway.inspect(request)
    let flow = await callFlow(
      service: request.service, requestType: request.requestType, version: request.version)
    guard inspection.flow.error == nil else { return flow }
    var lines: [String] = []
    let permitted = inspection.isPermitted.map { $0 ? "yes" : "no" } ?? "the callback is asked when it runs"
    lines.append("  permitted: \(permitted)")
    for usage in inspection.limits {
      lines.append(
        "  \(usage.limit): \(usage.keyValue.asName) has used \(usage.used), \(usage.remaining) left, "
          + "free in \(usage.resetMs) ms; refused \(usage.refused) times\(usage.refusesNow ? ", and now" : "")"
      )
    }
    if let error = inspection.argumentError { lines.append("  \(error)") }
    if let node = inspection.firstNode { lines.append("  asked first: \(node)") }
    return flow + "\n" + OperatorText.lines(lines)
  }

  /// The enabled functions and where they run, so many from a place on: `flows_print()`.
  public func callFlows(offset: Int = 0, most: Int = 1_000) async -> String {
    let (flows, left) = await gateway.callFlows(offset: offset, most: most)
    guard !flows.isEmpty else { return "No functions." }
    return OperatorText.table(
      [["SERVICE", "REQUEST TYPE", "VERSION", "NODES", "STEPS"]]
        + flows.map {
          [
            $0.service, $0.requestType, $0.version ?? "-", $0.nodes.joined(separator: ", "),
            $0.steps.map(\.phase.rawValue).joined(separator: " > "),
          ]
        }) + (left > 0 ? "\n… and \(left) more" : "")
  }
}

extension Gateway {
  /// The gateway's numbers as text for a console.
  public var reports: OperatorReports { OperatorReports(gateway: self) }
}
