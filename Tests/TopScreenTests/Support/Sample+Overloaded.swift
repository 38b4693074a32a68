import GenAPIStream
import GenAPITelemetry
import TopModel

@testable import TopScreen

extension Sample {
  /// More than the gateways can do: a hundred functions, every pool's breaker open, events lost, alerts firing.
  static var overloaded: ScreenContent {
    var content = Sample.content
    content.header.requestsPerSecond = 48_211
    content.header.eventsPerSecond = 1_204_377
    content.header.lost = 90_127
    content.header.firingAlerts = 14
    content.header.firesCritical = true
    content.header.nodesUp = 1
    content.requests = (0..<100).map { (index: Int) -> RequestRow in
      RequestRow(
        service: "service_\(index / 10)", requestType: "call_\(index % 10)", version: "2.\(index % 4).0",
        requestsPerSecond: Double(4_000 - index * 39), errorPercent: Double(index % 60),
        rejectedPercent: Double(30 + index % 70), inFlight: Int64(9_000 + index), p50: 1_900_000,
        p95: 14_500_000, p99: 61_000_000, max: 180_000_000, trend: (0..<30).map { Double($0 * $0) },
        retries: 12_045, lastError: "no worker is free")
    }
    for index in content.limits.indices {
      content.limits[index].rejectionsPerSecond = 8_400
      for key in content.limits[index].keys.indices {
        content.limits[index].keys[key].used = content.limits[index].keys[key].max
      }
    }
    for index in content.circuits.pools.indices {
      content.circuits.pools[index].state.breaker = .open
      content.circuits.pools[index].state.busy = content.circuits.pools[index].state.workers
      content.circuits.pools[index].state.queued = 100_000
      content.circuits.pools[index].rejectionsPerSecond = 12_345
      content.circuits.pools[index].cooldownLeftMs = 29_500
    }
    for index in content.nodes.indices {
      content.nodes[index].cpuPercent = 797
      content.nodes[index].lost = 30_042
      content.nodes[index].lagMs = 8_900
    }
    content.alerts = (0..<40).map { (index: Int) -> AlertRow in
      AlertRow(
        id: "\(index)", rule: "p99(*/*) > 1s", subject: "service_\(index / 10)/call_\(index % 10)",
        isFiring: index < 14, value: "61 s", since: now - 90_000_000)
    }
    return content
  }
}
