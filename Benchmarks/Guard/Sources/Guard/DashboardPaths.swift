import GenAPIStream
import GenAPITelemetry
import TopModel
import TopScreen

/// What the dashboard does with an event, and the drawing of one frame of 120 columns and 36 rows.
enum DashboardPaths {
  static let all = [folded, drawn]

  private static let folded = HotPath("an event folded into the dashboard's model", warmUp: 20_000) {
    var model = watching()
    let record = EventRecord(
      node: "gw1", sequence: 1, at: 60_000_000, name: EventName.executorRequestStop.path,
      measurements: ["duration_us": 1_204],
      metadata: ["service": "service_1", "request_type": "call_1", "request_id": "req_81f2", "outcome": "ok"])
    return { _ in model.fold(.frame(.event(record)), of: 0, at: 60_000_000) }
  }

  private static let drawn = HotPath(
    "a frame of the dashboard with 100 functions, between two states", calls: 50, warmUp: 5
  ) {
    let model = watching()
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    let renderer = ScreenRenderer()
    let views = ViewCache()
    return { _ in _ = renderer.render(model: model, state: state, views: views) }
  }

  /// A minute of a gateway whose 100 functions each have 60 requests a second.
  private static func watching() -> ClusterModel {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "guard", startedAt: 1)), of: 0, at: 1_000_000)
    for second in 1...60 { model.fold(snapshot(second), of: 0, at: Int64(second) * 1_000_000) }
    return model
  }

  private static func snapshot(_ second: Int) -> SubscriberEvent {
    var state = GatewayState()
    for number in 0..<100 {
      var latency = LatencyHistogram()
      for step in 1...12 { latency.record(bucket: 100 * step, count: Int64(5 * second)) }
      state.series.append(
        SeriesState(
          service: "service_\(number / 10)", requestType: "call_\(number % 10)", version: "1.0.0",
          requests: Int64(60 * second), outcomes: ["ok": Int64(60 * second)], latency: latency))
    }
    state.totals.requests = Int64(6_000 * second)
    state.totals.ok = state.totals.requests
    return .frame(.snapshot(at: Int64(second) * 1_000_000, sequence: 0, state))
  }
}
