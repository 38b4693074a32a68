import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Reports of the whole gateway in the library's shapes. What only Erlang's machine has is not there.
enum ConsoleReport {
  static func health(_ gateway: Gateway, _ node: LocalNode, maxBytes: Int64?) -> Term {
    let report = gateway.health(maxResidentBytes: maxBytes)
    var parts = report.checks
    let process = parts.first { $0.name == "process" }
    parts.removeAll { $0.name == "process" }
    let worst = parts.map(\.status).max() ?? .ok
    let checks = parts.map { check in
      (
        key: Term.atom(ByteText(check.name)),
        value: Term.fields([
          "status": status(check.status), "reason": .text(ByteText(check.detail)), "pid": .atom("nil"),
        ])
      )
    }
    return .fields([
      "status": status(report.status), "node": .atom(report.node),
      "checked_at_ms": .integer(report.checkedAt / 1_000),
      "checks": .fields([
        "vm": machine(gateway, status: process?.status ?? .ok),
        "node": .fields([
          "status": .atom("ok"), "node": .atom(node.name), "alive?": .bool(true),
          "connected_nodes": .atoms(node.nodes),
        ]),
        "phoenix_gen_api": .fields([
          "status": status(worst), "mode": .atom(report.mode), "checks": .map(TermMap(checks)),
        ]),
      ]),
    ])
  }

  private static func status(_ status: HealthStatus) -> Term { .atom(ByteText(status.rawValue)) }

  /// The process, under the names that a machine of Erlang's has: its threads stand for processes.
  private static func machine(_ gateway: Gateway, status: HealthStatus? = nil) -> Term {
    let process = gateway.currentState().process
    var pairs: [(key: Term, value: Term)] = [
      (.atom("process_count"), .int(process.threads)),
      (.atom("memory"), .fields(["total": .integer(process.residentBytes)])),
      (.atom("cpu_seconds"), .float(process.cpuSeconds)),
      (.atom("uptime"), .tuple([.integer(process.uptimeMs), .integer(0)])),
    ]
    if let status { pairs.insert((.atom("status"), self.status(status)), at: 0) }
    return .map(TermMap(pairs))
  }

  static func statistics(_ call: ConsoleCall) async -> Term {
    let gateway = call.gateway
    func part(_ data: Term) -> Term { .fields(["status": .atom("ok"), "data": data]) }
    return .fields([
      "node": .atom(gateway.configuration.node),
      "collected_at_ms": .integer(gateway.clock.wallMicroseconds() / 1_000), "vm": machine(gateway),
      "phoenix_gen_api": .fields([
        "client_mode": .bool(gateway.configuration.isClient), "config_db": ConsoleCommand.status(of: gateway),
        "config_puller": part(await ConsoleCommand.puller(call)),
        "config_receiver": part(await ConsoleCommand.receiver(call)),
        "rate_limiter": part(ConsoleLimit.state(of: gateway.rateLimiter.configuration)),
        "worker_pool": .fields([
          "async_pool": part(ConsoleCommand.pool(gateway.asyncPool)),
          "stream_pool": part(ConsoleCommand.pool(gateway.streamPool)),
        ]),
        "relay": part(ConsoleRelay.status(of: gateway)),
        "telemetry_events": .int(EventName.catalogue.count),
      ]),
    ])
  }

  static func cluster(_ gateway: Gateway, _ node: LocalNode) -> Term {
    let connected = node.nodes
    let services = gateway.clusterView().nodes
    return .fields([
      "self": .atom(node.name), "connected": .atoms(connected), "connected_count": .int(connected.count),
      "registered_processes": .map(
        TermMap(([node.name] + connected).map { (key: .atom($0), value: .list([])) })),
      "phoenix_gen_api_services": .map(
        TermMap(services.filter(\.up).map { (key: .atom($0.node), value: .texts($0.services)) })),
      "node_selection": .fields([
        "strategies": .atoms(["random", "hash", "round_robin", "sticky"]),
        "description": .text("choose_node_mode of each function says how"),
      ]),
    ])
  }

  static func trace(_ gateway: Gateway) -> Term {
    .fields(["node": .atom(gateway.configuration.node), "trace_control_word": .integer(0)])
  }
}
