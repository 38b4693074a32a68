import GenAPIValue

/// A rule about functions, with what it looks at now.
struct FunctionRule {
  let metric: AlertMetric
  /// What its values are compared with.
  let bound: Double
  /// Percentages and percentiles of fewer do not hold.
  let minimumRequests: Int64
  let holds: (Double) -> Bool
  let subjects: AlertSubjects
  let sources: [RequestSource]
  /// By place, for a rule about what is under way.
  let inFlight: [Int64]

  /// What is so of a subject.
  enum Answer: UInt8 {
    case unknown, quiet, holding
  }

  /// nil when it has no value, since nothing ended, or too little was watched for a rate.
  private func value(at place: Int, _ totals: FunctionTotals) -> Double? {
    let counts = totals.list[place].counts
    switch metric {
    case .p50: return latency(at: place, totals).quantile(0.5).map { Double($0) }
    case .p95: return latency(at: place, totals).quantile(0.95).map { Double($0) }
    case .p99: return latency(at: place, totals).quantile(0.99).map { Double($0) }
    case .max: return latency(at: place, totals).highest.map { Double($0) }
    case .rps: return totals.list[place].isKept ? totals.list[place].rate : nil
    case .errorPercent: return counts.finished == 0 ? nil : totals.list[place].errorPercent
    case .rejectedPercent: return counts.finished == 0 ? nil : totals.list[place].rejectedPercent
    case .inFlight: return Double(inFlight[place])
    case .rejects, .lost, .memory, .cpuPercent, .acceptFailures, .logLinesDropped, .handshakesRefused,
      .certificate:
      return nil
    }
  }

  private func latency(at place: Int, _ totals: FunctionTotals) -> BucketCounts {
    FunctionTotal.latency(subjects.parts.counted(place, sources), sources)
  }

  /// Of how many requests the metric is told: a percentile of those that ran, a percentage of those that ended.
  private func base(_ counts: WindowSums.Counts) -> Int64 {
    switch metric {
    case .p50, .p95, .p99, .max: counts.ran
    default: counts.finished
    }
  }

  private func isHolding(_ value: Double, at place: Int, _ totals: FunctionTotals) -> Bool {
    (!metric.needsManyRequests || base(totals.list[place].counts) >= minimumRequests) && holds(value)
  }

  /// What has to be exceeded to hold, and is a percentile of which it is known without the latencies that it is not.
  private func isFast(at place: Int, _ totals: FunctionTotals) -> Bool {
    let quantile: Double
    switch metric {
    case .p50: quantile = 0.5
    case .p95: quantile = 0.95
    case .p99: quantile = 0.99
    default: return false
    }
    let counts = totals.list[place].counts
    return counts.ran > 0 && counts.ran - counts.slow >= BucketCounts.rank(quantile, of: counts.ran)
      && !holds(0) && !holds(Double(RequestRow.slowUs))
  }

  func answer(at place: Int, _ totals: FunctionTotals) -> Answer {
    // Adding latencies up over a hundred gateways is what is dear here.
    if isFast(at: place, totals) { return .quiet }
    guard let value = value(at: place, totals) else { return .unknown }
    return isHolding(value, at: place, totals) ? .holding : .quiet
  }

  /// nil where there is nothing to tell.
  func finding(at place: Int, _ totals: FunctionTotals) -> AlertFinding? {
    guard let value = value(at: place, totals) else { return nil }
    return AlertFinding(
      subject: subjects.list[place], value: AlertText.text(value, metric.unit, beside: bound),
      holds: isHolding(value, at: place, totals), number: value)
  }
}
