import GenAPIValue

extension ClusterModel {
  /// What a rule about functions finds, over the gateways that are not silent.
  ///
  /// - Parameters:
  ///   - bound: what its values are compared with.
  ///   - onlyHolding: leaves out what does not hold, of which there may be ten thousand; but for the only one that there is.
  func functionFindings(
    of expression: AlertExpression, _ metric: AlertMetric, _ bound: Double, window: StatisticsWindow,
    minimumRequests: Int64, onlyHolding: Bool, _ holds: @escaping (Double) -> Bool
  ) -> [AlertFinding] {
    var settings = ViewSettings()
    settings.window = window
    let sources = sourcesMade.made(self, window) {
      gateways.filter { !$0.isStale(at: now) && !$0.state.unknown.contains(.series) }
        .map { requestSource($0, settings) }
    }
    let key = KeptTotals.Key(
      subject: .rule(expression.selector, needsManyRequests: metric.needsManyRequests),
      length: window.seconds)
    let subjects = {
      AlertSubjects(
        sources, selector: expression.selector, needsManyRequests: metric.needsManyRequests)
    }
    return keptTotals.look(key, sources, at: now, make: subjects) { subjects, totals in
      let look = FunctionRule(
        metric: metric, bound: bound, minimumRequests: minimumRequests, holds: holds, subjects: subjects,
        sources: sources, inFlight: metric == .inFlight ? totals.inFlight(sources) : [])
      guard onlyHolding else {
        return subjects.list.indices.compactMap { look.finding(at: $0, totals) }
      }
      return keptFindings.findings(
        .init(expression: expression, window: window, minimumRequests: minimumRequests), look, totals)
    }
  }
}
