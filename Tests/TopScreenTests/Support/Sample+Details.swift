import GenAPIStream
import GenAPITelemetry
import GenAPIValue
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

  /// What fired before, twice.
  static var episodes: [AlertEpisode] {
    [
      AlertEpisode(
        alertID: "1", rule: "breaker open", subject: nasty[1], value: "open", from: now - 3_600_000_000,
        until: now - 3_540_000_000),
      AlertEpisode(
        alertID: "0", rule: "breaker open", subject: "stream_pool on gw1", value: "open",
        from: now - 19_000_000),
    ]
  }

  static var differences: [ConfigDifference] {
    [
      ConfigDifference(
        requestType: "get_user", version: "3.2.0", setting: "enabled",
        values: ["gw1": "yes", "gw2": "no", "gw3": "yes"]),
      ConfigDifference(
        requestType: nasty[4], setting: "timeout", values: ["gw1": "5000 ms", nasty[0]: "3000 ms"]),
      ConfigDifference(requestType: "search", setting: "exists", values: ["gw1": "yes", "gw2": "no"]),
    ]
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

extension NodeRow {
  /// As gateways see it: up or down for 40 seconds.
  func seen(by gateways: [ByteText: Bool]) -> NodeRow {
    var row = self
    row.sightings = gateways.sorted { $0.key < $1.key }
      .map { Sighting(gateway: $0.key, isUp: $0.value, since: Sample.now - 40_000_000) }
    return row
  }
}
