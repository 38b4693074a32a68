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

  static func += (a: inout FunctionMeasure, b: FunctionMeasure) {
    a.requestsPerSecond += b.requestsPerSecond
    a.finished += b.finished
    a.failed += b.failed
    a.rejected += b.rejected
    a.inFlight += b.inFlight
    a.latency += b.latency
  }

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

struct FunctionName: Hashable, Comparable {
  var service: ByteText
  var requestType: ByteText

  static func < (a: FunctionName, b: FunctionName) -> Bool {
    (a.service, a.requestType) < (b.service, b.requestType)
  }
}

extension ClusterModel {
  /// What each function did in the window, over the gateways that are not silent; versions together.
  func measures(_ window: StatisticsWindow) -> [FunctionName: FunctionMeasure] {
    var sums: [FunctionName: FunctionMeasure] = [:]
    for target in gateways where !target.isStale(at: now) && !target.state.unknown.contains(.series) {
      let history = target.history
      let end = history.lastWholeSecond ?? now / 1_000_000
      let watched = history.watchedSeconds(endingAt: end, length: window.seconds)
      let functions = history.functions
      var inFlight = [Int64](repeating: 0, count: functions.count)
      if let last = history.window(endingAt: end, length: 1).last {
        for delta in last.series { inFlight[Int(delta.series)] += Int64(delta.inFlight) }
      }
      history.sums(endingAt: end, length: window.seconds) { done in
        for (number, function) in functions.enumerated() {
          let sum = done[number]
          var own = FunctionMeasure()
          own.requestsPerSecond = Double(sum.started) / watched
          own.finished = sum.finished
          own.failed = sum.failed
          own.rejected = sum.rejected
          own.inFlight = inFlight[number]
          own.latency = sum.latency
          let name = FunctionName(service: function.service, requestType: function.requestType)
          sums[name, default: FunctionMeasure()] += own
        }
      }
    }
    return sums
  }
}
