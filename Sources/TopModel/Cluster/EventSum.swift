import GenAPITelemetry
import GenAPIValue

/// Ends of requests with one thing in common while they are added up, with their course over the window.
struct EventSum {
  private var tally = EndTally()
  /// Below zero before the first slot of which events are kept.
  private var trend: [Double]
  /// As `RequestRow.goesOn`.
  private var goesOn = false

  init(slots: Int, from first: Int) {
    trend = (0..<slots).map { $0 < first ? -1 : 0 }
  }

  /// - Parameter isRecent: it ended within the window's last `WindowSums.recentSeconds`.
  mutating func add(_ end: EndedRequest, slot: Int, isRecent: Bool) {
    tally.add(end)
    if isRecent, end.isFailed || end.isRefused || end.duration ?? 0 >= RequestRow.slowUs { goesOn = true }
    if trend.indices.contains(slot) { trend[slot] = max(0, trend[slot]) + 1 }
  }

  func row(_ name: ByteText, seconds: Double, scale: Double) -> RequestRow {
    let latencies = tally.latencies
    let count = Double(max(1, tally.requests))
    var row = RequestRow(
      service: name, requestType: "", requestsPerSecond: Double(tally.requests) / seconds,
      errorPercent: Double(tally.failed) * 100 / count, rejectedPercent: Double(tally.refused) * 100 / count,
      inFlight: -1, p50: latencies.quantile(0.5), p95: latencies.quantile(0.95),
      p99: latencies.quantile(0.99), max: latencies.slowest,
      trend: trend.map { $0 < 0 ? $0 : $0 * scale })
    row.goesOn = goesOn
    return row
  }
}
