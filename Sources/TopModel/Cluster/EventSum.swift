import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// Ends of requests with one thing in common while they are added up.
struct EventSum {
  private var requests = 0
  private var failed = 0
  private var refused = 0
  private var durations: [Int64] = []
  /// Below zero before the first slot of which events are kept.
  private var trend: [Double]

  init(slots: Int, from first: Int) {
    trend = (0..<slots).map { $0 < first ? -1 : 0 }
  }

  mutating func add(_ record: EventRecord, slot: Int) {
    requests += 1
    if record.isRefusedEnd {
      refused += 1
    } else if record.isFailedEnd {
      failed += 1
    }
    if trend.indices.contains(slot) { trend[slot] = max(0, trend[slot]) + 1 }
    // What was refused took no time.
    if record.outcome?.hasRun == true, let duration = record.durationUs { durations.append(duration) }
  }

  func row(_ name: ByteText, seconds: Int, scale: Double) -> RequestRow {
    let sorted = durations.sorted()
    func quantile(_ fraction: Double) -> Int64? {
      guard !sorted.isEmpty else { return nil }
      let rank = max(1, Int((fraction * Double(sorted.count)).rounded(.up)))
      return sorted[min(rank, sorted.count) - 1]
    }
    let count = Double(max(1, requests))
    return RequestRow(
      service: name, requestType: "", requestsPerSecond: Double(requests) / Double(seconds),
      errorPercent: Double(failed) * 100 / count, rejectedPercent: Double(refused) * 100 / count,
      inFlight: -1, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: sorted.last,
      trend: trend.map { $0 < 0 ? $0 : $0 * scale })
  }
}
