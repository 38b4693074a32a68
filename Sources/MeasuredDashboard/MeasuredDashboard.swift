import GenAPIStream
import GenAPITelemetry
import TopModel
import TopScreen

/// A dashboard of 120 columns and 36 rows that has watched one gateway for a minute.
///
/// For the benchmarks and the guard, which are packages of their own: what the dashboard is made of is not for other packages.
public struct MeasuredDashboard {
  private var model = ClusterModel(targets: ["gw1:4710"])
  private let functions: Int
  private let busy: Int
  private var second: Int64 = 0
  private var state = GatewayState()
  private let renderer = ScreenRenderer()
  private let views = ViewCache()

  /// - Parameters:
  ///   - functions: how many the gateway has.
  ///   - busy: how many of them had 60 requests a second; nil for all.
  public init(functions: Int, busy: Int? = nil) {
    self.functions = functions
    self.busy = min(busy ?? functions, functions)
    fold(.connected(Hello(node: "gw1", software: "measured", startedAt: 1)), at: 1)
    for _ in 0..<60 { fold(nextState(), at: second * 1_000_000) }
  }

  /// The gateway's state a second later: whole the first time, then what changed.
  public mutating func nextState() -> SubscriberEvent {
    let last = second == 0 ? nil : state
    second += 1
    if last == nil {
      state.series = (0..<functions).map {
        SeriesState(service: "service_\($0 / 10)", requestType: "call_\($0 % 10)", version: "1.0.0")
      }
    }
    for number in 0..<busy {
      state.series[number].requests += 60
      state.series[number].outcomes["ok", default: 0] += 60
      for step in 1...12 { state.series[number].latency.record(bucket: 100 * step, count: 5) }
    }
    state.totals.requests += 60 * Int64(busy)
    state.totals.ok = state.totals.requests
    guard let last else { return .frame(.snapshot(at: second * 1_000_000, sequence: 0, state)) }
    return .frame(.state(at: second * 1_000_000, sequence: 0, state.changes(since: last)))
  }

  /// Takes what a subscriber was told.
  ///
  /// - Parameter at: when it came, in microseconds since the Unix epoch; nil for the time of the last state.
  public mutating func fold(_ event: SubscriberEvent, at: Int64? = nil) {
    model.fold(event, of: 0, at: at ?? second * 1_000_000)
  }

  /// Draws one frame.
  ///
  /// - Returns: its columns, so that drawing it is not left out.
  public func draw() -> Int {
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    return renderer.render(model: model, state: state, views: views).width
  }
}
