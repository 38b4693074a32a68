import GenAPITelemetry

/// Calls of one service node while they are added up, over the gateways.
struct NodeCalls {
  /// Some gateway counts them.
  private var isKnown: Bool
  private var rate = 0.0
  private var calls: Int64 = 0
  private var failures: Int64 = 0
  private var failovers: Int64 = 0
  private var latency = LatencyHistogram()

  init(isKnown: Bool = false) { self.isKnown = isKnown }

  /// - Parameter watched: the seconds that the gateway's rate is over.
  mutating func add(_ delta: NodeDelta, watched: Double) {
    rate += Double(delta.calls) / watched
    calls += Int64(delta.calls)
    failures += Int64(delta.failures)
    failovers += Int64(delta.failovers)
    for entry in delta.latencies { latency.record(entry) }
  }

  static func += (a: inout NodeCalls, b: NodeCalls) {
    a.isKnown = a.isKnown || b.isKnown
    a.rate += b.rate
    a.calls += b.calls
    a.failures += b.failures
    a.failovers += b.failovers
    a.latency += b.latency
  }

  /// nil where no gateway counts them.
  var requestsPerSecond: Double? { isKnown ? rate : nil }
  /// nil where no gateway counts them.
  var errorPercent: Double? { percent(failures) }
  /// Of calls that went on to another node; nil where no gateway counts them.
  var failoverPercent: Double? { percent(failovers) }
  var p99: Int64? { latency.quantile(0.99) }

  private func percent(_ part: Int64) -> Double? {
    isKnown ? calls == 0 ? 0 : Double(min(part, calls)) * 100 / Double(calls) : nil
  }
}

extension NodeRow {
  func with(_ calls: NodeCalls) -> NodeRow {
    var row = self
    row.requestsPerSecond = calls.requestsPerSecond
    row.errorPercent = calls.errorPercent
    row.failoverPercent = calls.failoverPercent
    row.p99 = calls.p99
    return row
  }
}
