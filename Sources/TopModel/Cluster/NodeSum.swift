import GenAPITelemetry
import GenAPIValue

/// What gateways ask of one service node while it is added up, with its course over the window.
struct NodeSum {
  private var rate = 0.0
  private var calls: Int64 = 0
  private var failures: Int64 = 0
  private var failovers: Int64 = 0
  private var latency = LatencyHistogram()
  /// Below zero where nothing is known.
  var trend: [Double]
  /// As `RequestRow.goesOn`.
  private var goesOn = false
  /// No gateway that is not silent knows it.
  private(set) var isStale = true

  init(slots: Int) { trend = Array(repeating: -1, count: slots) }

  /// What silent gateways told last counts only where no other tells.
  mutating func meet(stale: Bool) {
    guard isStale, !stale else { return }
    self = NodeSum(slots: trend.count)
    isStale = false
  }

  /// Something was kept of a part of the window.
  mutating func know(_ slot: Int) { trend[slot] = max(0, trend[slot]) }

  /// - Parameters:
  ///   - slots: of each second that it is of and the window has.
  ///   - span: of how many seconds it is.
  ///   - isRecent: it is of the window's last `WindowSums.recentSeconds`.
  mutating func add(_ delta: NodeDelta, slots: [Int], of span: Int, watched: Double, isRecent: Bool) {
    goesOn = goesOn || isRecent && (delta.failures > 0 || BucketCounts.hasSlow(delta.latencies[...]))
    rate += Double(delta.calls) / watched
    calls = calls.saturatingAdd(Int64(delta.calls))
    failures = failures.saturatingAdd(Int64(delta.failures))
    failovers = failovers.saturatingAdd(Int64(delta.failovers))
    let share = Double(delta.calls) / Double(span)
    for slot in slots { trend[slot] = max(0, trend[slot]) + share }
    for entry in delta.latencies { latency.record(entry) }
  }

  func row(_ name: ByteText, scale: Double) -> RequestRow {
    func percent(_ part: Int64) -> Double {
      calls == 0 ? 0 : Double(min(part, calls)) * 100 / Double(calls)
    }
    var row = RequestRow(
      service: name, requestType: "", requestsPerSecond: rate, errorPercent: percent(failures),
      inFlight: -1, p50: latency.quantile(0.5), p95: latency.quantile(0.95), p99: latency.quantile(0.99),
      max: latency.highest, trend: trend.map { $0 < 0 ? $0 : $0 * scale }, isStale: isStale)
    row.failoverPercent = percent(failovers)
    row.goesOn = goesOn
    return row
  }
}
