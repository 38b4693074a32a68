import GenAPITelemetry

/// Calls of one service node while they are added up, over the gateways.
struct NodeCalls {
  /// Some gateway counts them.
  private var isKnown: Bool
  private var rate = 0.0
  private var calls: Int64 = 0
  private var failures: Int64 = 0
  private var latency = LatencyHistogram()

  init(isKnown: Bool = false) { self.isKnown = isKnown }

  /// - Parameter watched: the seconds that the gateway's rate is over.
  mutating func add(_ delta: NodeDelta, watched: Double) {
    rate += Double(delta.calls) / watched
    calls += Int64(delta.calls)
    failures += Int64(delta.failures)
    for entry in delta.latencies { latency.record(entry) }
  }

  static func += (a: inout NodeCalls, b: NodeCalls) {
    a.isKnown = a.isKnown || b.isKnown
    a.rate += b.rate
    a.calls += b.calls
    a.failures += b.failures
    a.latency += b.latency
  }

  /// nil where no gateway counts them.
  var requestsPerSecond: Double? { isKnown ? rate : nil }
  /// nil where no gateway counts them.
  var errorPercent: Double? {
    isKnown ? calls == 0 ? 0 : Double(min(failures, calls)) * 100 / Double(calls) : nil
  }
  var p99: Int64? { latency.quantile(0.99) }
}

extension NodeRow {
  func with(_ calls: NodeCalls) -> NodeRow {
    var row = self
    row.requestsPerSecond = calls.requestsPerSecond
    // Those who asked one that is down went on to another node, as far as there is one: no percentage says what was lost.
    row.errorPercent = isUp ? calls.errorPercent : nil
    row.p99 = calls.p99
    return row
  }
}
