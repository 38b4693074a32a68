import GenAPITelemetry
import TopModel

extension CircuitsPane {
  /// Of all views: each has those of its own rows.
  static var sortColumns: [SortColumn] {
    var seen: Set<String> = []
    return (poolKeys.map(\.column) + breakerKeys.map(\.column) + serviceKeys.map(\.column)).filter {
      seen.insert($0.name).inserted
    }
  }

  /// Older gateways do not tell what a breaker refused.
  var tellsRefused: Bool { openOnes.contains { $0.state.refused != nil } }

  var sortable: [SortColumn] {
    switch mode {
    case .pools, .workers: Self.poolKeys.map(\.column)
    case .openOnly: Self.breakerKeys.map(\.column).filter { $0.name != "refused" || tellsRefused }
    case .byService: Self.serviceKeys.map(\.column)
    case .timeline: []
    }
  }

  static let poolKeys: [SortKey<CircuitsContent.Pool>] = [
    .name("pool") { $0.state.name },
    // What refuses first.
    .number("breaker") { SortValue(weight(of: $0.state.breaker) * 1_000 + $0.state.openServices) },
    .number("fail") { pool in
      // As the column shows it: what the pool's own breaker counts says nothing beside one of a service that is open.
      let isTold =
        !pool.unknown.contains(.poolFailures)
        && (pool.state.breaker != .closed || pool.state.openServices <= 0)
      return SortValue(isTold ? Double(pool.state.consecutiveFailures) : nil)
    },
    .number("busy") { SortValue(Double($0.state.busy) / Double(max(1, $0.state.workers))) },
    .number("queue") { SortValue(Double($0.state.queued)) },
    .number("rej/s") { SortValue($0.rejectionsPerSecond) }, .name("node") { $0.node },
  ]

  static let breakerKeys: [SortKey<CircuitsContent.Breaker>] = [
    .name("breaker") { name($0) }, .number("state") { SortValue(weight(of: $0.state.state)) },
    // The latest first.
    .number("since") { SortValue($0.state.notClosedSince) },
    .number("opened") { SortValue($0.state.openedCount) },
    .number("refused") { SortValue($0.state.refused) }, .name("node") { $0.node },
    .name("reason") { $0.state.lastReason },
  ]

  static let serviceKeys: [SortKey<CircuitsContent.ServiceRefusals>] = [
    .name("service") { $0.service }, .number("refused") { SortValue($0.refused) },
    .number("/s") { SortValue($0.refusedPerSecond) }, .number("rps") { SortValue($0.requestsPerSecond) },
    .number("share") { row in
      SortValue(row.requestsPerSecond > 0 ? row.refusedPerSecond / row.requestsPerSecond : 0)
    },
  ]

  private static func weight(of state: CircuitState) -> Int {
    switch state {
    case .open: 2
    case .halfOpen, .unknown: 1
    case .closed: 0
    }
  }
}
