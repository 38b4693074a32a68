import GenAPITelemetry
import GenAPIValue

extension AlertExpression {
  /// Of its findings' numbers; nil for a condition, whose findings have none.
  package var unit: AlertUnit? {
    guard case .metric(let metric, _, _) = test else { return nil }
    return switch metric.unit {
    case .duration: .microseconds
    case .rate: .perSecond
    case .percent: .percent
    case .count: .count
    case .bytes: .bytes
    case .lifetime: .seconds
    }
  }

  /// What a metric is compared with, in its unit.
  package var bound: Double? {
    if case .metric(_, _, let bound) = test { bound } else { nil }
  }
}

extension ClusterModel {
  /// What can be told of an expression now: never before all it asks about was watched, and never of what is not there.
  ///
  /// - Parameter window: when the expression names none.
  package func answer(_ expression: AlertExpression, window: StatisticsWindow) -> AlertAnswer {
    let window = expression.window ?? window
    let left = secondsToWatch(expression, window)
    guard left == 0 else { return .early(seconds: left) }
    let found = evaluate(expression, window: window)
    switch expression.test {
    case .metric:
      guard found.isEmpty else { return .found(found.map { naming($0, expression, window) }) }
      let what = expression.selector.map { "of what is called \($0.text)" } ?? ""
      let untold = whoTellsNoLimits(expression)
      return .nothing(
        "nothing \(what.isEmpty ? "" : what + " ")could be measured in the last \(window.label)"
          + (untold.isEmpty ? "" : "; " + untold))
    case .condition(let condition, _):
      if let selector = expression.selector, !isThere(condition, selector) {
        return .nothing("there is no \(condition.subject) called \(selector.text)")
      }
      if condition.isAboutReadiness, let older = gatewayOfBefore(expression.selector) {
        return .nothing("\(older) does not tell whether it is ready, as older gateways do not")
      }
      if condition == .reloadFailed,
        let silent = gateways.first(where: { target in
          !target.state.configuration.isTold && expression.selector?.matches(name: target.name) ?? true
        })
      {
        return .nothing("\(silent.name) does not tell of its configuration, as older gateways do not")
      }
      if case .condition(.nodeDown, isNegated: true) = expression.test, found.allSatisfy(\.holds),
        let unseen = nodeNobodySaw(expression.selector)
      {
        return .nothing(unseen)
      }
      return .found(found)
    }
  }

  /// A node that may be down since before anybody watched: its gateway is not connected to it, and counts no calls to it. Of one that counts
  /// them and has sent none nobody has missed anything.
  private func nodeNobodySaw(_ selector: AlertSelector?) -> String? {
    for target in gateways where !target.isStale(at: now) && target.state.unknown.contains(.nodeCalls) {
      let unseen = target.state.nodes.filter { $0.isUnseen && selector?.matches(name: $0.node) ?? true }
      guard let first = unseen.first else { continue }
      let more = unseen.count > 1 ? " and \(unseen.count - 1) more" : ""
      return
        "\(target.name) is not connected to \(first.node)\(more), and nobody watched whether it was before"
    }
    return nil
  }

  /// Of an expression about limits: gateways that tell none, with why, as far as they tell that.
  private func whoTellsNoLimits(_ expression: AlertExpression) -> String {
    guard case .metric(let metric, _, _) = expression.test, metric.subject == .limits else { return "" }
    return gateways.filter { $0.state.unknown.contains(StateField("limits")) }.prefix(5)
      .map { "\($0.name): \($0.state.readiness.fault ?? "it tells no limits")" }.joined(separator: "; ")
  }

  /// What is known to be false of a condition although not every gateway tells: what one of them says is so, whatever the
  /// others would say; nil when nothing is.
  package func knownFalse(_ expression: AlertExpression, window: StatisticsWindow) -> AlertAnswer? {
    guard case .condition(_, isNegated: true) = expression.test else { return nil }
    let found = evaluate(expression, window: expression.window ?? window)
    return found.contains { !$0.holds } ? .found(found) : nil
  }

  /// A finding that does not hold, with the gateways of which alone it does not either, the worst told by what it is there.
  private func naming(_ finding: AlertFinding, _ expression: AlertExpression, _ window: StatisticsWindow)
    -> AlertFinding
  {
    guard !finding.holds, gateways.count > 1, !gateways.contains(where: { $0.name == finding.subject }) else {
      return finding
    }
    let culprits = gateways.compactMap { target -> ByteText? in
      var alone = self
      alone.targets = [target]
      let own = alone.evaluate(expression, window: window).first {
        $0.subject == finding.subject && !$0.holds
      }
      return own.map { "\(target.name) \($0.value)" }
    }
    guard !culprits.isEmpty else { return finding }
    var finding = finding
    let more = culprits.count > 5 ? " and \(culprits.count - 5) more" : ""
    finding.detail = "\(finding.value), on \(culprits.prefix(5).joined(separator: ", "))\(more)"
    return finding
  }

  /// A gateway that is meant, and says nothing of whether it is ready.
  private func gatewayOfBefore(_ selector: AlertSelector?) -> ByteText? {
    gateways.first {
      !$0.isStale(at: now) && $0.state.readiness.isReady == nil && selector?.matches(name: $0.name) ?? true
    }?.name
  }

  /// Gateways that did not let this program in, as far as is known now.
  package var refusingGateways: [ByteText] {
    gateways.filter { $0.absence == .tokenRefused }.map(\.address)
  }

  /// Gateways whose numbers are old by now.
  package var silentGateways: [ByteText] { gateways.filter { $0.isStale(at: now) }.map(\.address) }

  /// The same with the reason, as it reads behind the address: `stopped (it said so)`, `fell silent`.
  package var silences: [(address: ByteText, reason: ByteText)] {
    gateways.filter { $0.isStale(at: now) }.map { target in
      let trouble = target.trouble(at: now) ?? "silent"
      return (target.address, trouble == "silent" ? "fell silent" : trouble)
    }
  }

  /// How many seconds of the window nobody has watched, of the gateway that was watched least.
  private func secondsToWatch(_ expression: AlertExpression, _ window: StatisticsWindow) -> Int {
    guard case .metric(let metric, _, _) = expression.test, metric.needsWindow else { return 0 }
    let left = gateways.map { target in
      let end = target.liveSecond(at: now)
      let watched = target.history.window(endingAt: end, length: window.seconds).reduce(0) { $0 + $1.watched }
      // Frames come a little early or late.
      return Int((Double(window.seconds) - 0.7 - watched).rounded(.up))
    }
    return max(0, left.max() ?? 0)
  }

  private func isThere(_ condition: AlertCondition, _ selector: AlertSelector) -> Bool {
    gateways.contains { target in
      switch condition {
      case .nodeDown:
        selector.matches(name: target.name)
          || target.state.nodes.contains { selector.matches(name: $0.node) }
      case .breakerOpen:
        target.state.breakers.contains { selector.matches(breaker: $0) }
          || target.state.pools.contains { pool in
            selector.matches(name: pool.name)
              || target.services.contains {
                selector.matches(breaker: BreakerState(pool: pool.name, service: $0))
              }
          }
      case .configMismatch, .pullFailing, .nameUnresolved:
        target.state.services.contains { selector.matches(name: $0.service) }
      case .gatewayDraining, .gatewayUnready, .reloadFailed: selector.matches(name: target.name)
      case .poolFull: target.state.pools.contains { selector.matches(name: $0.name) }
      }
    }
  }
}

extension AlertMetric {
  /// Counted over time; the others are as they are.
  fileprivate var needsWindow: Bool { self != .inFlight && self != .memory && self != .certificate }
}

extension AlertCondition {
  fileprivate var subject: String {
    switch self {
    case .nodeDown: "node"
    case .breakerOpen: "pool or service"
    case .configMismatch, .pullFailing, .nameUnresolved: "service"
    case .gatewayDraining, .gatewayUnready, .reloadFailed: "gateway"
    case .poolFull: "pool"
    }
  }
}
