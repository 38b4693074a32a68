import GenAPIValue

extension ClusterModel {
  /// What a rule about functions finds, over the gateways that are not silent.
  ///
  /// - Parameter onlyHolding: leaves out what does not hold, of which there may be ten thousand; but for the only one that there is.
  func functionFindings(
    of expression: AlertExpression, _ metric: AlertMetric, window: StatisticsWindow, minimumRequests: Int64,
    onlyHolding: Bool, _ holds: (Double) -> Bool
  ) -> [AlertFinding] {
    var settings = ViewSettings()
    settings.window = window
    let sources = gateways.filter { !$0.isStale(at: now) && !$0.state.unknown.contains(.series) }
      .map { requestSource($0, settings) }
    let names = sources.map(\.namesStamp)
    let key = KeptFindings.Key(
      expression: expression, window: window, minimumRequests: minimumRequests, onlyHolding: onlyHolding,
      names: names, sources: sources.map(\.signature), ends: metric == .inFlight ? sources.map(\.end) : [])
    return keptFindings.findings(key) {
      let subjects = keptFindings.subjects(
        .init(selector: expression.selector, metric: metric, names: names)
      ) { AlertSubjects(sources, selector: expression.selector, metric: metric) }
      return Self.findings(subjects, sources, metric, minimumRequests, onlyHolding: onlyHolding, holds)
    }
  }

  private static func findings(
    _ subjects: AlertSubjects, _ sources: [RequestSource], _ metric: AlertMetric, _ minimumRequests: Int64,
    onlyHolding: Bool, _ holds: (Double) -> Bool
  ) -> [AlertFinding] {
    let inFlight = metric == .inFlight ? sources.map(Self.inFlight) : []
    var findings: [AlertFinding] = []
    var others = 0
    var other: AlertFinding?
    for subject in subjects.list {
      var sum = FunctionMeasure()
      for part in subject.parts {
        sum.add(sources[Int(part.source)], Int(part.number))
        if metric == .inFlight { sum.inFlight += inFlight[Int(part.source)][Int(part.number)] ?? 0 }
      }
      guard let value = sum.value(of: metric) else { continue }
      let isHolding = (!metric.needsManyRequests || sum.base(of: metric) >= minimumRequests) && holds(value)
      if onlyHolding, !isHolding {
        others += 1
        guard others == 1 else { continue }
      }
      let finding = AlertFinding(
        subject: subject.name, value: AlertText.text(value, metric.unit), holds: isHolding, number: value)
      if onlyHolding, !isHolding { other = finding } else { findings.append(finding) }
    }
    if findings.isEmpty, others == 1, let other { return [other] }
    return findings
  }

  private static func inFlight(_ source: RequestSource) -> [Int: Int64] {
    var found: [Int: Int64] = [:]
    source.eachInFlight { found[$0, default: 0] += $1 }
    return found
  }
}

extension FunctionMeasure {
  /// Adds what a function of a gateway did in the window.
  fileprivate mutating func add(_ source: RequestSource, _ number: Int) {
    guard number < source.sums.functions.count else { return }
    requestsPerSecond += Double(source.sums.functions[number].started) / source.watched
    finished += source.sums.functions[number].finished
    failed += source.sums.functions[number].failed
    rejected += source.sums.functions[number].rejected
    latency += source.sums.functions[number].latency
  }
}
