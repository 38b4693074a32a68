import GenAPITelemetry
import GenAPIValue

/// What functions did in a window, while it is added up for alerts.
struct FunctionMeasure {
  var requestsPerSecond = 0.0
  var finished: Int64 = 0
  var failed: Int64 = 0
  var rejected: Int64 = 0
  var inFlight: Int64 = 0
  var latency = BucketCounts()

  /// Of how many requests a metric is told: a percentile of those that ran, a percentage of those that ended.
  func base(of metric: AlertMetric) -> Int64 {
    switch metric {
    case .p50, .p95, .p99, .max: latency.count
    default: finished
    }
  }

  /// nil when it has no value, since nothing ended.
  func value(of metric: AlertMetric) -> Double? {
    switch metric {
    case .p50: latency.quantile(0.5).map(Double.init)
    case .p95: latency.quantile(0.95).map(Double.init)
    case .p99: latency.quantile(0.99).map(Double.init)
    case .max: latency.highest.map(Double.init)
    case .rps: requestsPerSecond
    case .errorPercent: finished == 0 ? nil : Double(failed) * 100 / Double(finished)
    case .rejectedPercent: finished == 0 ? nil : Double(rejected) * 100 / Double(finished)
    case .inFlight: Double(inFlight)
    case .rejects, .lost, .memory, .cpuPercent, .acceptFailures, .logLinesDropped, .handshakesRefused,
      .certificate:
      nil
    }
  }
}
