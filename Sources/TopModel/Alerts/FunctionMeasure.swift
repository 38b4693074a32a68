import GenAPITelemetry
import GenAPIValue

/// What functions did in a window, while it is added up for alerts.
struct FunctionMeasure {
  var requestsPerSecond = 0.0
  var finished: Int64 = 0
  var failed: Int64 = 0
  var rejected: Int64 = 0
  var inFlight: Int64 = 0
  var latency = LatencyHistogram()

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
    case .rejects, .lost, .memory, .cpuPercent: nil
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
    for target in gateways where !target.isStale(at: now) {
      let history = target.history
      let end = history.lastWholeSecond ?? now / 1_000_000
      let watched = history.watchedSeconds(endingAt: end, length: window.seconds)
      var own = [FunctionMeasure](repeating: FunctionMeasure(), count: history.functions.count)
      for sample in history.window(endingAt: end, length: window.seconds) {
        for delta in sample.series {
          let number = Int(delta.series)
          own[number].requestsPerSecond += Double(delta.started) / watched
          own[number].finished += delta.finished
          own[number].failed += Int64(delta.failed)
          own[number].rejected += Int64(delta.rejected)
          if sample.second == end { own[number].inFlight += Int64(delta.inFlight) }
          delta.unpack(into: &own[number].latency)
        }
      }
      for (function, measure) in zip(history.functions, own) {
        sums[FunctionName(service: function.service, requestType: function.requestType), default: .init()] +=
          measure
      }
    }
    return sums
  }
}
