import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TopModel

@testable import TopScreen

/// The sample as it looks when things are missing, old, broken or hostile.
enum Variant: String, CaseIterable, Sendable {
  case normal, empty, stale, overloaded, error, hostile

  var content: ScreenContent {
    switch self {
    case .normal: return Sample.content
    case .empty:
      var content = ScreenContent()
      content.header = Sample.header
      content.latency.windowSeconds = 60
      return content
    case .stale: return Sample.stale
    case .overloaded: return Sample.overloaded
    case .error:
      var content = ScreenContent()
      content.header.at = Sample.now
      content.header.nodesTotal = 2
      content.header.targets = [
        TargetView(
          address: "gw1:4710",
          connection: .down(reason: "connection refused: nothing listens on gw1 port 4710", retryInMs: 2_100)),
        TargetView(address: "gw2:4710", connection: .connecting),
      ]
      return content
    case .hostile: return Sample.hostile
    }
  }
}

extension Sample {
  /// Nobody has answered for 12 seconds.
  static var stale: ScreenContent {
    var content = Sample.content
    for index in content.header.targets.indices {
      content.header.targets[index].connection = .down(reason: "connection reset by peer", retryInMs: 900)
      content.header.targets[index].lastFrameAt = now - 12_000_000
    }
    content.header.nodesUp = 0
    for index in content.requests.indices { content.requests[index].isStale = true }
    content.latency.isStale = true
    for index in content.limits.indices { content.limits[index].isStale = true }
    for index in content.circuits.pools.indices { content.circuits.pools[index].isStale = true }
    for index in content.circuits.breakers.indices { content.circuits.breakers[index].isStale = true }
    for index in content.configs.services.indices { content.configs.services[index].isStale = true }
    for index in content.relay.indices { content.relay[index].isStale = true }
    for index in content.nodes.indices { content.nodes[index].isStale = true }
    return content
  }

  static let nasty: [ByteText] = [
    "订单服务订单服务订单服务", "👩‍💻👍🏽🇩🇪❤️ shop", "e\u{301}e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    ByteText(String(repeating: "long", count: 125)), "\u{1B}[2J\u{1B}]0;owned\u{07}",
    "a\u{202E}b\r\n\tc\u{0}", "",
  ]

  /// Strangers chose every name.
  static var hostile: ScreenContent {
    var content = ScreenContent()
    content.header = header
    content.latency = latency()
    content.latency.scope = .function(service: nasty[1], requestType: nasty[4])
    for (index, name) in nasty.enumerated() {
      let other = nasty[(index + 3) % nasty.count]
      content.requests.append(
        RequestRow(
          service: name, requestType: other, version: name, requestsPerSecond: .infinity, errorPercent: .nan,
          inFlight: .max, p50: .max, p95: .min, p99: -1, max: 0, trend: [.nan, -1, .infinity, 3],
          retries: .min, lastError: other))
      content.limits.append(
        LimitRow(
          id: name, scope: name, key: other, maxRequests: .max, windowMs: .max, checksPerSecond: 1e300,
          rejectionsPerSecond: index.isMultiple(of: 2) ? 3 : 0, rejections: .max, trackedKeys: .max,
          lastRejectionAt: .min,
          keys: [
            LimitRow.Key(
              value: other, node: name, used: .max, max: 0, resetMs: .min, rejections: .max, refused: .max)
          ])
      )
      content.circuits.pools.append(
        CircuitsContent.Pool(
          node: name,
          state: PoolState(
            name: other, workers: 0, busy: .max, queued: .max, breaker: .open, consecutiveFailures: .max),
          cooldownLeftMs: .min, rejectionsPerSecond: .nan))
      content.circuits.breakers.append(
        CircuitsContent.Breaker(
          node: name,
          state: BreakerState(pool: other, worker: .max, state: .open, since: .min, lastReason: name),
          timeline: [.open, nil]))
      content.circuits.services.append(
        CircuitsContent.ServiceRefusals(
          service: name, refused: .max, refusedPerSecond: .nan, requestsPerSecond: 0))
      content.configs.services.append(
        ConfigsView.Service(
          service: name, versions: [name: other, other: name], functions: .max, disabled: .max, source: other,
          lastSuccessAt: .min, pullFailures: index, lastError: name))
      content.configs.failed.append(
        ConfigsView.Failed(
          node: name,
          config: FailedConfigState(id: 1, at: .max, service: other, source: name, reasons: [name, other])))
      content.relay.append(
        RelayRow(
          node: name,
          group: GroupState(groupID: other, groupType: name, active: .max, pending: .max, muted: .max),
          messagesPerSecond: .nan))
      content.events.append(
        EventRow(
          node: name,
          record: EventRecord(
            sequence: .max, at: index == 0 ? .max : .min, name: name,
            measurements: ["duration_us": .int(.max)],
            metadata: ["service": .string(other), "reason": .string(name), "request_id": .string(other)]),
          severity: .critical))
      content.nodes.append(
        NodeRow(
          kind: .gateway, name: name, isUp: index.isMultiple(of: 2), detail: other, version: other,
          requestsPerSecond: .nan, errorPercent: .infinity, p99: .max, cpuPercent: .nan, residentBytes: .max,
          sockets: .max, lagMs: .max, lost: .min, clockSkewMs: .min))
      content.alerts.append(
        AlertRow(id: name, rule: name, subject: name, isFiring: true, value: other, since: .min))
    }
    return content
  }
}
