import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TopModel

@testable import TopScreen

/// A cluster as an operator meets it on a bad afternoon.
enum Sample {
  /// 2026-03-14 12:04:31.201 UTC.
  static let now: Int64 = 1_773_489_871_201_000

  static var content: ScreenContent {
    var content = ScreenContent()
    content.header = header
    content.requests = requests
    content.latency = latency()
    content.limits = limits
    content.circuits = circuits
    content.configs = configs
    content.relay = relay
    content.events = events
    content.nodes = nodes
    content.alerts = alerts
    content.names = ScreenNames(requests: requests, nodes: nodes)
    return content
  }

  static var header: HeaderView {
    var header = HeaderView()
    header.targets = ["gw1:4710", "gw2:4710"].map {
      TargetView(
        address: $0, node: ByteText(String($0.prefix(bytes: 3))), connection: .live,
        lastFrameAt: now - 200_000)
    }
    header.nodesUp = 3
    header.nodesTotal = 3
    header.requestsPerSecond = 1204
    header.eventsPerSecond = 11_932
    header.trend = (0..<60).map { (index: Int) -> Double in Double(1100 + (index * 37) % 200 + index * 4) }
    header.at = now
    return header
  }

  static var requests: [RequestRow] {
    func row(
      _ service: ByteText, _ type: ByteText, _ rate: Double, _ error: Double, _ rejected: Double,
      _ fly: Int64,
      _ latencies: [Int64], _ retries: Int64 = 0, _ lastError: ByteText? = nil, version: ByteText? = nil
    ) -> RequestRow {
      let trend = (0..<30).map { (index: Int) -> Double in rate * Double(70 + 3 * ((index * 7) % 10)) / 100 }
      return RequestRow(
        service: service, requestType: type, version: version, requestsPerSecond: rate, errorPercent: error,
        rejectedPercent: rejected, inFlight: fly, p50: latencies[0], p95: latencies[1], p99: latencies[2],
        max: latencies[3], trend: trend,
        retries: retries, lastError: lastError)
    }
    return [
      row("user_service", "get_user", 812, 0, 0, 4, [1_200, 3_400, 9_800, 21_000]),
      row(
        "order_service", "create_order", 201, 2.1, 0.4, 12, [18_000, 41_300, 77_000, 310_000], 31, "timeout",
        version: "1.1.0"),
      row(
        "payment_service", "charge", 96, 7.8, 3.2, 31, [88_000, 310_000, 1_240_000, 5_000_000], 120, "no node"
      ),
      row("search", "find_products", 54, 0.2, 0, 2, [7_100, 12_900, 22_000, 64_000]),
      row("chat", "send_message", 38, 0, 12.4, 1, [310, 680, 990, 2_100]),
      row("user_service", "update_profile", 3.4, 0, 0, 0, [4_200, 6_400, 8_100, 9_000]),
      row("reports", "export", 0.1, 0, 0, 1, [2_100_000, 8_900_000, 14_000_000, 190_000_000]),
    ]
  }

  static func latency(slots: Int = 60) -> LatencyView {
    var view = LatencyView()
    view.bandBounds = (0..<24).map { Int64(100 * pow10(Double($0) / 4)) }
    view.slots = (0..<slots).map { index in
      let rise: Double = index > 40 ? Double(index - 40) / 8 : 0
      let wave: Double = 1 + 0.6 * Double((index * 13) % 17) / 17 + rise
      var bands = [Int64](repeating: 0, count: 24)
      for (band, count) in [(4, 120), (5, 300), (6, 180), (8, 40), (10, 12)] {
        bands[min(23, band + (index > 45 ? 1 : 0))] = Int64(Double(count) * wave)
      }
      if index % 9 == 0 { bands[13] = 2 }
      return LatencyView.Slot(
        p50: Int64(1_400 * wave), p95: Int64(9_000 * wave), p99: Int64(28_000 * wave * wave), bands: bands)
    }
    view.histogram = (0..<24).map { band in view.slots.reduce(0) { $0 + $1.bands[band] } }
    view.count = view.histogram.reduce(0, +)
    view.p50 = 1_900
    view.p95 = 14_200
    view.p99 = 77_000
    view.max = 310_000
    return view
  }

  /// 10 to the power of a number of 0 … 6, without Foundation's.
  private static func pow10(_ exponent: Double) -> Double {
    var result = 1.0
    for _ in 0..<Int(exponent) { result *= 10 }
    return result * [1, 1.778, 3.162, 5.623][Int((exponent - exponent.rounded(.down)) * 4)]
  }

  static var limits: [LimitRow] {
    [
      LimitRow(
        id: "global/user_id", scope: "global", key: "user_id", maxRequests: 2000, windowMs: 60_000,
        checksPerSecond: 1204, rejectionsPerSecond: 14, rejections: 8_120, trackedKeys: 941,
        lastRejectionAt: now - 300_000, refusing: .init(since: now - 252_000_000),
        keys: [
          LimitRow.Key(
            value: "u_17", node: "gw1", used: 2000, max: 2000, resetMs: 4_200, rejections: 812, refused: 812),
          LimitRow.Key(value: "u_4", node: "gw2", used: 1_893, max: 2000, resetMs: 900, rejections: 0),
          LimitRow.Key(value: "u_99", node: "gw1", used: 310, max: 2000, resetMs: 31_000, rejections: 0),
        ]),
      LimitRow(
        id: "chat/send_message/device_id", scope: "chat/send_message", key: "device_id", maxRequests: 20,
        windowMs: 1_000, checksPerSecond: 38, trackedKeys: 112,
        keys: [
          LimitRow.Key(
            value: "d-1f0", node: "gw1", used: 16, max: 20, resetMs: 310, rejections: 2, refused: 2)
        ]),
    ]
  }

  static var circuits: CircuitsContent {
    var view = CircuitsContent()
    let open = BreakerState(
      pool: "stream_pool", state: .open, since: now - 19_000_000, consecutiveFailures: 5, cooldownMs: 60_000,
      probeAt: now + 41_000_000, openedCount: 3, lastReason: "timeout after 5000 ms")
    let worker = BreakerState(
      pool: "async_pool", worker: 7, state: .halfOpen, since: now - 1_000_000, consecutiveFailures: 5,
      cooldownMs: 10_000, openedCount: 1, lastReason: "payment_service answered an error")
    view.pools = [
      CircuitsContent.Pool(
        node: "gw1",
        state: PoolState(
          name: "async_pool", workers: 32, busy: 11, queued: 0, queueLimit: 1000, threshold: 5,
          halfOpenWorkers: 1, executed: 81_201, failed: 12),
        workers: (0..<32).map { (worker: Int) -> CircuitsContent.WorkerCell in
          worker == 7 ? .halfOpen : worker % 3 == 0 ? .busy : .idle
        }),
      CircuitsContent.Pool(
        node: "gw1",
        state: PoolState(
          name: "stream_pool", workers: 8, busy: 8, queued: 41, queueLimit: 100, breaker: .open,
          consecutiveFailures: 5, threshold: 5, openWorkers: 2, executed: 912, failed: 90, rejected: 412),
        breaker: open, cooldownLeftMs: 40_700, rejectionsPerSecond: 12.4,
        workers: (0..<8).map { (worker: Int) -> CircuitsContent.WorkerCell in worker > 5 ? .open : .busy }),
    ]
    let timeline = (0..<60).map { (slot: Int) -> CircuitState? in
      if slot > 40 || (13..<20).contains(slot) { return .open }
      return slot == 20 ? .halfOpen : .closed
    }
    let recent = (0..<60).map { (slot: Int) -> CircuitState? in
      slot > 55 ? .halfOpen : slot > 48 ? .open : .closed
    }
    view.breakers = [
      CircuitsContent.Breaker(
        node: "gw1", state: open, cooldownLeftMs: 40_700,
        timeline: timeline),
      CircuitsContent.Breaker(
        node: "gw1", state: worker, timeline: recent),
    ]
    view.services = [
      CircuitsContent.ServiceRefusals(
        service: "payment_service", refused: 744, refusedPerSecond: 12.4, requestsPerSecond: 96)
    ]
    return view
  }

  static var configs: ConfigsView {
    var view = ConfigsView()
    let change = ConfigChangeState(
      id: 9, at: now - 41_000_000, kind: "version", service: "order_service", from: "1.0.4", to: "1.1.0")
    view.services = [
      ConfigsView.Service(
        service: "user_service", versions: ["gw1": "3.2.0", "gw2": "3.2.0"], functions: 12, source: "push",
        lastSuccessAt: now - 4_000_000),
      ConfigsView.Service(
        service: "order_service", versions: ["gw1": "1.1.0", "gw2": "1.1.0"], functions: 8, disabled: 1,
        source: "pull", lastSuccessAt: now - 41_000_000, recentChange: change),
      ConfigsView.Service(
        service: "payment_service", versions: ["gw1": "2.0.1", "gw2": "2.0.0"], functions: 5,
        source: "push+pull",
        lastSuccessAt: now - 310_000_000),
      ConfigsView.Service(
        service: "reports", versions: ["gw1": "0.3.0"], functions: 3, source: "pull",
        lastSuccessAt: now - 610_000_000, pullFailures: 4, lastError: "reports@10.0.0.9 is unreachable"),
    ]
    view.functions = [
      FunctionState(
        service: "order_service", requestType: "create_order", version: "1.1.0", nodes: ["orders@10.0.0.4"],
        responseType: "async", source: "pull", configVersion: "1.1.0", timeoutMs: 5_000,
        permission: "check_user", retry: "all_nodes 3", chooseNode: "round_robin", hooks: ["Audit.log"],
        changedAt: now - 41_000_000)
    ]
    view.changes = [
      ConfigsView.Change(node: "gw1", change: change),
      ConfigsView.Change(
        node: "gw1",
        change: ConfigChangeState(
          id: 8, at: now - 90_000_000, kind: "disabled", service: "order_service", requestType: "refund",
          version: "1.0.4")),
    ]
    view.failed = [
      ConfigsView.Failed(
        node: "gw1",
        config: FailedConfigState(
          id: 1, at: now - 130_000_000, service: "reports", requestType: "export", source: "pull",
          reasons: ["timeout must be positive, is -5"]))
    ]
    return view
  }

  static var relay: [RelayRow] {
    func members(_ count: Int) -> [MemberState] {
      (0..<count).map { (index: Int) -> MemberState in
        let status = index == 2 ? "pending" : index == 3 ? "muted" : "active"
        return MemberState(
          userID: "u_\(index)", status: ByteText(status), role: index == 0 ? "admin" : "member",
          since: now - Int64(index + 1) * 60_000_000)
      }
    }
    return [
      RelayRow(
        node: "gw1",
        group: GroupState(
          groupID: "room_1", groupType: "public", active: 24, members: members(6), messages: 8_412,
          lastMessageAt: now - 120_000, createdAt: now - 7_200_000_000), messagesPerSecond: 31),
      RelayRow(
        node: "gw1",
        group: GroupState(
          groupID: "room_2", groupType: "strict_private", active: 11, pending: 2, muted: 1, messages: 90,
          createdAt: now - 7_200_000_000), messagesPerSecond: 0.4),
      RelayRow(
        node: "gw2", group: GroupState(groupID: "support", groupType: "private", active: 3, createdAt: now)),
    ]
  }

  static var events: [EventRow] {
    func row(
      _ back: Int64, _ name: ByteText, _ severity: EventSeverity, _ measurements: ValueObject,
      _ metadata: ValueObject
    ) -> EventRow {
      EventRow(
        node: back % 2 == 0 ? "gw1" : "gw2",
        record: EventRecord(
          sequence: 9_000 - back, at: now - back * 7_301, name: EventName.prefix + name,
          measurements: measurements, metadata: metadata), severity: severity)
    }
    let order: ValueObject = [
      "request_id": "req_81f2", "service": "order_service", "request_type": "create_order", "user_id": "u_17",
    ]
    var rows: [EventRow] = []
    for turn in stride(from: Int64(40), through: 0, by: -10) {
      rows.append(row(turn + 9, "executor.request.start", .normal, ["system_time": 1], order))
      rows.append(
        row(turn + 8, "rate_limiter.check", .normal, ["duration_us": 9], order.adding(["result": "ok"])))
      rows.append(
        row(turn + 6, "hook.before.stop", .normal, ["duration_us": 310], order.adding(["module": "Audit"])))
      rows.append(
        row(
          turn + 4, "executor.retry", .warning, ["attempt": 1, "backoff_ms": 50],
          order.adding(["mode": "all_nodes"])))
      rows.append(
        row(
          turn + 2, "executor.request.stop", .critical, ["duration_us": 41_300],
          order.adding(["success": false, "outcome": "timeout", "error": "no answer within 5000 ms"])))
      rows.append(
        row(
          turn + 1, "executor.request.stop", .good, ["duration_us": 1_210],
          [
            "request_id": "req_81f3", "service": "user_service", "request_type": "get_user", "success": true,
            "outcome": "ok",
          ]))
    }
    return rows
  }

  static var nodes: [NodeRow] {
    [
      NodeRow(
        kind: .gateway, name: "gw1", isUp: true, version: "1.0.0", requestsPerSecond: 731, errorPercent: 0.9,
        p99: 71_000, cpuPercent: 31.4, residentBytes: 91_000_000, sockets: 412, lagMs: 210, lost: 0,
        clockSkewMs: 3),
      NodeRow(
        kind: .gateway, name: "gw2", isUp: true, version: "1.0.0", requestsPerSecond: 473, errorPercent: 0.7,
        p99: 80_000, cpuPercent: 96.1, residentBytes: 88_000_000, sockets: 377, lagMs: 4_210, lost: 118,
        clockSkewMs: -1_804),
      NodeRow(
        kind: .service, name: "orders@10.0.0.4", isUp: true, requestsPerSecond: 201, errorPercent: 2.1,
        p99: 77_000),
      NodeRow(kind: .service, name: "reports@10.0.0.9", isUp: false, detail: "connection refused")
        .seen(by: ["gw1": false, "gw2": true]),
    ]
  }

  static var alerts: [AlertRow] {
    [
      AlertRow(
        id: "1", rule: "p99(order_service) > 250ms for 30s", subject: "order_service", value: "312ms",
        since: now - 12_000_000),
      AlertRow(
        id: "2", rule: "breaker open", subject: "stream_pool on gw1", isFiring: true, value: "1",
        since: now - 19_000_000, isCritical: true),
      AlertRow(id: "3", rule: "rejects > 5/s", isFiring: true, value: "14/s", since: now - 60_000_000),
      AlertRow(id: "4", rule: "node down", value: "0"),
      AlertRow(id: "5", rule: "config mismatch", value: "0"),
    ]
  }
}

extension ValueObject {
  func adding(_ more: ValueObject) -> ValueObject { merging(more) { $1 } }
}
