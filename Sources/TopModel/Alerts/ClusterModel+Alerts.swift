import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Every rule: quiet, or once for each thing it holds for.
  package var alertRows: [AlertRow] { alerts.rows }

  /// The rules as they were at the moment shown.
  package func alertRows(_ settings: ViewSettings) -> [AlertRow] {
    guard case .at(let moment) = settings.moment else { return alerts.rows }
    return alerts.rows(at: moment) ?? []
  }

  /// When alerts fired, up to the moment shown, oldest first; the last `AlertHistory.mostEpisodes`.
  package func alertEpisodes(_ settings: ViewSettings) -> [AlertEpisode] {
    let moment = moment(settings)
    return alerts.history.episodes.filter { $0.from <= moment }
  }

  /// How often something began to fire since the start.
  package var timesFired: Int { alerts.timesFired }

  /// Watches these rules from now on instead of those before; at most `AlertRule.most`.
  package mutating func watch(_ rules: [AlertRule]) { alerts.rules = Array(rules.prefix(AlertRule.most)) }

  /// Looks at everything live, whatever the screen shows.
  mutating func evaluateAlerts() {
    let facts = keptFindings.note(targets.indices.map { ShownFacts(targets[$0], at: now) })
    let found = alerts.rules.map { rule in
      keptFindings.findings(rule.expression, on: ground(of: rule.expression, facts)) {
        findingsAnew(rule.expression)
      }
    }
    alerts.update(found, at: now)
  }

  /// nil where a rule is looked at each time.
  private func ground(of expression: AlertExpression, _ facts: Stamp) -> KeptFindings.Ground? {
    switch expression.test {
    case .condition: .facts(facts)
    case .metric(let metric, _, _):
      metric.subject == .functions ? resting(expression.window ?? .oneMinute).map { .resting($0) } : nil
    }
  }

  /// What a rule finds that holds, looked at now.
  func findingsAnew(_ expression: AlertExpression) -> [AlertFinding] {
    findings(
      of: expression, window: expression.window ?? .oneMinute, minimumRequests: AlertRule.minimumRequests,
      probingUs: AlertRule.probingUs, onlyHolding: true)
  }

  /// What an expression finds now: for a metric one finding for each thing with a value, for a condition one
  /// for each thing it is so for.
  ///
  /// - Parameters:
  ///   - window: when the expression names none.
  ///   - minimumRequests: percentages and percentiles of fewer finished requests do not hold.
  package func evaluate(_ expression: AlertExpression, window: StatisticsWindow, minimumRequests: Int64 = 1)
    -> [AlertFinding]
  {
    findings(
      of: expression, window: expression.window ?? window, minimumRequests: minimumRequests, probingUs: 0,
      onlyHolding: false)
  }

  private func findings(
    of expression: AlertExpression, window: StatisticsWindow, minimumRequests: Int64, probingUs: Int64,
    onlyHolding: Bool
  ) -> [AlertFinding] {
    switch expression.test {
    case .condition(let condition, let isNegated):
      let found = things(condition, expression.selector, window, probingUs).map {
        AlertFinding(subject: $0.subject, value: $0.value, holds: !isNegated, detail: $0.detail)
      }
      guard isNegated, found.isEmpty else { return found }
      return [AlertFinding(subject: "all", value: "no \(condition.rawValue)", holds: true)]
    case .metric(let metric, let comparison, let bound):
      if metric.subject == .functions {
        return functionFindings(
          of: expression, metric, bound, window: window, minimumRequests: minimumRequests,
          onlyHolding: onlyHolding
        ) { comparison.holds($0, bound) }
      }
      let values: [(subject: ByteText, value: Double)] =
        switch metric.subject {
        case .functions: []
        case .limits: rejects(expression.selector, window)
        case .gateways: gatewayValues(metric, expression.selector, window)
        }
      func finding(_ subject: ByteText, _ value: Double) -> AlertFinding {
        AlertFinding(
          subject: subject, value: AlertText.text(value, metric.unit, beside: bound),
          holds: comparison.holds(value, bound), number: value)
      }
      // Of a hundred gateways nothing is put into words that nobody reads.
      guard onlyHolding, values.count > 1 else { return values.map(finding) }
      return values.filter { comparison.holds($0.value, bound) }.map(finding)
    }
  }

  private func rejects(_ selector: AlertSelector?, _ window: StatisticsWindow)
    -> [(subject: ByteText, value: Double)]
  {
    let rows = keptLimits(live(window)).filter { !$0.isStale && $0.rejectionsPerSecond != nil }
    guard let selector else {
      return rows.isEmpty ? [] : [("all", rows.reduce(0) { $0 + ($1.rejectionsPerSecond ?? 0) })]
    }
    return rows.filter { selector.matches(limitScope: $0.scope) }
      .map { ([$0.scope, $0.key].joinedUniquely(by: UInt8(ascii: " ")), $0.rejectionsPerSecond ?? 0) }
  }

  private func gatewayValues(_ metric: AlertMetric, _ selector: AlertSelector?, _ window: StatisticsWindow)
    -> [(subject: ByteText, value: Double)]
  {
    let numbers = gatewayNumbersMade.made(self, window) {
      gateways.map { GatewayNumbers($0, window, at: now) }
    }
    if selector == nil, metric == .lost, !numbers.isEmpty {
      return [("all", numbers.reduce(0) { $0 + $1.lost })]
    }
    var values: [(subject: ByteText, value: Double)] = []
    for gateway in numbers {
      guard let value = gateway[metric], selector?.matches(name: gateway.name) ?? true else { continue }
      values.append((gateway.name, value))
    }
    return values
  }

  /// What a condition is so for, with how it is.
  private func things(
    _ condition: AlertCondition, _ selector: AlertSelector?, _ window: StatisticsWindow, _ probingUs: Int64
  ) -> [(subject: ByteText, value: ByteText, detail: ByteText?)] {
    let settings = live(window)
    func isMeant(_ name: ByteText) -> Bool { selector?.matches(name: name) ?? true }
    switch condition {
    case .nodeDown:
      // One that refuses the token answers: whether it is well is not known.
      let down: [(subject: ByteText, value: ByteText, detail: ByteText?)] = gateways.filter {
        $0.connection != .connecting && $0.isStale(at: now) && $0.absence != .tokenRefused
          && !$0.isReading(at: now) && isMeant($0.name)
      }
      .map { ($0.name, $0.trouble(at: now) ?? "silent", nil) }
      let services = nodes(settings).filter {
        $0.kind == .service && !$0.isUp && !$0.isStale && isMeant($0.name)
      }
      return down + services.map { ($0.name, "down", $0.whyDown) }
    case .breakerOpen:
      return circuits(settings, slots: 1, includingServices: false).breakers
        .filter { breaker in
          isOpen(breaker.state, probingUs) && !breaker.isStale
            && selector?.matches(breaker: breaker.state) ?? true
        }
        .map { breaker in
          return (
            breaker.alertSubject, breaker.state.state == .open ? "open" : "half-open", nil
          )
        }
    case .configMismatch:
      return configMismatches(settings).filter { isMeant($0.service) }.map {
        ($0.service, $0.text, $0.detail)
      }
    case .pullFailing:
      return configs(settings).services.filter { $0.pullFailures > 0 && !$0.isStale && isMeant($0.service) }
        .map { ($0.service, "\($0.pullFailures) in a row", $0.lastError) }
    case .nameUnresolved:
      return configs(settings).services.filter {
        !$0.unresolved.isEmpty && !$0.isStale && isMeant($0.service)
      }
      .map { service in
        let names = service.unresolvedNames
        let told =
          names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
        return (
          service.service, "\(names.count) \(names.count == 1 ? "name" : "names")",
          "\(told), on \(service.unresolved.keys.sorted().prefix(5).joined(separator: " "))"
        )
      }
    case .gatewayDraining:
      return gateways.filter { !$0.isStale(at: now) && $0.state.readiness.isDraining && isMeant($0.name) }
        .map { ($0.name, "draining", nil) }
    case .gatewayUnready:
      return gateways.filter {
        !$0.isStale(at: now) && $0.state.readiness.isReady == false && isMeant($0.name)
      }
      .map { ($0.name, $0.state.readiness.fault ?? $0.state.readiness.phase, nil) }
    case .reloadFailed:
      return gateways.filter { !$0.isStale(at: now) && isMeant($0.name) }.compactMap { target in
        target.state.configuration.fault.map { (target.name, "reload failed", $0) }
      }
    case .poolFull:
      return circuits(settings, slots: 1, includingServices: false).pools
        .filter { $0.state.isFull && !$0.isStale && isMeant($0.state.name) }
        .map { ($0.alertSubject, "\($0.state.queued) wait", nil) }
    }
  }

  /// A half-open breaker is not open: it lets a call through that tries whether it is over.
  ///
  /// - Parameter probingUs: for so long after it was open it counts as open all the same.
  private func isOpen(_ breaker: BreakerState, _ probingUs: Int64) -> Bool {
    switch breaker.state {
    case .closed, .unknown: false
    case .open: true
    case .halfOpen: now.saturatingSubtract(breaker.since) < probingUs
    }
  }

  private func live(_ window: StatisticsWindow) -> ViewSettings {
    var settings = ViewSettings()
    settings.window = window
    return settings
  }
}
