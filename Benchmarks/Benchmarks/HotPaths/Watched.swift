import GenAPIStream
import GenAPITelemetry
import Synchronization
import TopModel
import TopScreen

/// A dashboard's model that has watched one gateway with so many functions for a minute.
final class Watched: Sendable {
  let model: Mutex<ClusterModel>
  private let functions: Int
  private let seconds = Mutex<Int64>(0)
  private let renderer = ScreenRenderer()
  /// Used under the model's lock alone.
  private nonisolated(unsafe) let views = ViewCache()

  init(functions: Int) {
    self.functions = functions
    model = Mutex(ClusterModel(targets: ["gw1:4710"]))
    fold((.connected(Hello(node: "gw1", software: "bench", startedAt: 1)), at: 1))
    for _ in 0..<60 { fold(nextState()) }
  }

  /// A second later; every function had 60 more requests.
  func nextState() -> (SubscriberEvent, at: Int64) {
    let second = seconds.withLock { seconds in
      seconds += 1
      return seconds
    }
    var state = GatewayState()
    for number in 0..<functions {
      var latency = LatencyHistogram()
      for step in 1...12 { latency.record(bucket: 100 * step, count: 5 * second) }
      state.series.append(
        SeriesState(
          service: "service_\(number / 10)", requestType: "call_\(number % 10)", version: "1.0.0",
          requests: 60 * second, outcomes: ["ok": 60 * second], latency: latency))
    }
    state.totals.requests = 60 * second * Int64(functions)
    state.totals.ok = state.totals.requests
    return (.frame(.snapshot(at: second * 1_000_000, sequence: 0, state)), at: second * 1_000_000)
  }

  func fold(_ news: (SubscriberEvent, at: Int64)) {
    model.withLock { $0.fold(news.0, of: 0, at: news.at) }
  }

  func draw() -> Grid {
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    return model.withLock { renderer.render(model: $0, state: state, views: views) }
  }
}
