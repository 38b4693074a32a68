import Foundation
import GenAPITelemetry
import MeasuredDashboard
import Synchronization

/// How many bytes tell, in a second, of functions that all work, with all buckets of their latencies and with those that changed.
///
/// Latencies are log-normal, of a median of each function's own from 1 to 500 ms and with a 95th percentile of 1.8 times that.
enum StateBytes {
  private static let requests = 12
  /// So long each function has worked already.
  private static let secondsBefore = 600
  private static let seconds = 3

  final class Source: StateSource {
    private let state = Mutex(GatewayState())

    func currentState() -> GatewayState { state.withLock { $0 } }

    func change(_ body: (inout GatewayState) -> Void) { state.withLock { body(&$0) } }
  }

  static func run(functions: Int) throws {
    let source = Source()
    var seed: UInt64 = 1
    func random() -> Double {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(seed >> 11) + 1) / Double(1 << 53)
    }
    func work(_ series: inout SeriesState, _ function: Int, times: Int) {
      let median = 1_000 * pow(500, Double(function % 100) / 99)
      for _ in 0..<times {
        let normal = (-2 * log(random())).squareRoot() * cos(2 * .pi * random())
        series.latency.record(Int64(median * exp(0.35 * normal)))
      }
      series.requests += Int64(times)
      series.outcomes["ok", default: 0] += Int64(times)
    }
    source.change { state in
      state.series = (0..<functions).map {
        var series = SeriesState(
          service: "service_\($0 / 10)", requestType: "call_\($0 % 10)", version: "1.0.0")
        work(&series, $0, times: secondsBefore * requests)
        return series
      }
    }
    var states = (
      whole: MeasuredStates(of: source), changed: MeasuredStates(of: source, changedBuckets: true)
    )
    var bytes = (whole: 0, changed: 0)
    for _ in 0..<seconds {
      source.change { state in
        for function in state.series.indices { work(&state.series[function], function, times: requests) }
      }
      bytes.whole += states.whole.next()
      bytes.changed += states.changed.next()
    }
    let buckets = source.currentState().series.reduce(0) { $0 + $1.latency.buckets.count }
    let answer = [
      "whole": bytes.whole / seconds, "changed": bytes.changed / seconds, "buckets": buckets / functions,
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: answer), as: UTF8.self))
  }
}
