import GenAPITelemetry
import GenAPIValue
import Locking

/// A gateway whose state a test sets.
final class StubSource: StateSource {
  private let state: Mutex<GatewayState>
  private let calls = Mutex(0)

  init(_ state: GatewayState = GatewayState()) { self.state = Mutex(state) }

  private let told = Mutex<Int64?>(nil)

  /// Set by tests of a source that only passes on what it is told.
  var timesTold: Int64? {
    get { told.withLock { $0 } }
    set { told.withLock { $0 = newValue } }
  }

  var asked: Int { calls.withLock { $0 } }

  func set(_ change: (inout GatewayState) -> Void) { state.withLock { change(&$0) } }

  func currentState() -> GatewayState {
    calls.withLock { $0 += 1 }
    return state.withLock { $0 }
  }

  /// Two services with a series, a function and a limit each.
  static func twoServices() -> GatewayState {
    var state = GatewayState()
    state.totals.requests = 7
    for service in ["user_service", "order_service"] {
      var latency = LatencyHistogram()
      latency.record(1_500)
      state.series.append(
        SeriesState(service: ByteText(service), requestType: "get", requests: 3, latency: latency))
      state.functions.append(FunctionState(service: ByteText(service), requestType: "get"))
      state.services.append(ServiceState(service: ByteText(service), functions: 1))
      state.limits.append(
        LimitState(
          id: ByteText(service), scope: "\(service)/get", key: "user_id", maxRequests: 5, windowMs: 1_000)
      )
    }
    state.limits.append(
      LimitState(id: "all", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000))
    return state
  }
}
