import GenAPIStream
import GenAPITelemetry
import TopModel

@testable import TopScreen

extension Sample {
  /// A function with all that its details can have.
  static var function: FunctionView {
    var view = FunctionView()
    view.gateways = [
      .init(
        node: "gw1", requestsPerSecond: 101, errorPercent: 4.1, rejectedPercent: 0.2, inFlight: 9,
        retries: 31,
        p50: 21_000, p99: 98_000),
      .init(node: nasty[0], requestsPerSecond: 100, p50: 14_000, p99: 41_000, isStale: true),
    ]
    view.endings = [
      .init(outcome: .ok, count: 11_760), .init(outcome: .error, count: 251),
      .init(outcome: .rateLimited, count: 48),
    ]
    view.serviceNodes = nodes.filter { $0.kind == .service }
    var hook = HookState(module: "Audit", function: nasty[4], phase: "before")
    hook.runs = 12_059
    hook.failures = 3
    view.hooks = [hook]
    return view
  }

  static var gateway: GatewayView {
    var view = GatewayView()
    view.sockets.open = 1_204
    view.sockets.joined = 1_190
    view.sockets.opened = 88_123
    view.sockets.closed = 86_919
    view.sockets.byTransport = ["websocket": 1_200, nasty[5]: 4]
    view.hooks = function.hooks
    view.threads = 9
    view.uptimeMs = 86_400_000
    return view
  }
}
