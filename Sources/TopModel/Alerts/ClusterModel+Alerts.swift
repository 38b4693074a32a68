import GenAPITelemetry

extension ClusterModel {
  /// Every rule: quiet, or once for each thing it fires for.
  public var alertRows: [AlertRow] { alerts.rows }

  /// Looks at the last minute of everything, whatever the screen shows.
  mutating func evaluateAlerts() {
    var findings: [AlertBoard.Finding] = []
    let settings = ViewSettings()
    for target in targets where target.connection != .connecting && target.isStale(at: now) {
      let reason = if case .down(let reason, _) = target.connection { reason } else { "silent" }
      findings.append(.init(rule: .nodeDown, subject: target.name, value: reason))
    }
    for node in nodes(settings) where node.kind == .service && !node.isUp && !node.isStale {
      findings.append(.init(rule: .nodeDown, subject: node.name, value: "down"))
    }
    for breaker in circuits(settings, slots: 1).breakers
    where breaker.state.state != .closed && !breaker.isStale {
      let worker = breaker.state.worker.map { " worker \($0)" } ?? ""
      findings.append(
        .init(
          rule: .breakerOpen, subject: "\(breaker.node) \(breaker.state.pool)\(worker)",
          value: breaker.state.state == .open ? "open" : "half-open"))
    }
    for service in configs(settings).services where service.isMismatched && !service.isStale {
      findings.append(
        .init(
          rule: .configMismatch, subject: service.service,
          value: Set(service.versions.values).sorted().joined(separator: " / ")))
    }
    for limit in limits(settings) where limit.rejectionsPerSecond > 5 && !limit.isStale {
      findings.append(
        .init(
          rule: .rejections, subject: "\(limit.scope) \(limit.key)",
          value: "\((limit.rejectionsPerSecond * 10).rounded() / 10)/s"))
    }
    let seconds = Double(settings.window.seconds)
    // Requests for functions that do not exist always fail: their share says something about clients only.
    for row in requests(settings) where !row.isStale && row.service != "(unsupported)" {
      guard row.requestsPerSecond * seconds >= Double(AlertRule.minimumRequests) else { continue }
      let subject = "\(row.service) \(row.requestType)"
      if let p99 = row.p99, p99 > 1_000_000 {
        findings.append(.init(rule: .slow, subject: subject, value: "\(p99 / 1_000) ms"))
      }
      if row.errorPercent > 5 {
        findings.append(
          .init(rule: .errors, subject: subject, value: "\((row.errorPercent * 10).rounded() / 10) %"))
      }
    }
    alerts.update(findings, at: now)
  }
}
