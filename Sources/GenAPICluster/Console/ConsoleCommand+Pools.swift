import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// The worker pools.
extension ConsoleCommand {
  static let pools: [ConsoleCommand] = [
    .prints(
      "PhoenixGenApi.pool_status", arity: 0...0,
      "prints both worker pools, and the circuits that are not closed"
    ) {
      $0.gateway.reports.pools()
    },
    .tells(
      "PhoenixGenApi.WorkerPool.status", arity: 1...1,
      "`:async_pool` or `:stream_pool`: idle and busy workers, without those whose breaker is open, what is queued, executed and failed, the circuits"
    ) { call in
      switch try call.text(0, "pool") {
      case "async_pool": return pool(call.gateway.asyncPool)
      case "stream_pool": return pool(call.gateway.streamPool)
      default: throw call.fault("a pool is :async_pool or :stream_pool")
      }
    },
  ]

  static func pool(_ pool: WorkerPool) -> Term {
    let state = pool.poolState()
    return .fields([
      "idle_workers": .int(state.idle), "busy_workers": .int(state.busy),
      "queued_tasks": .int(state.queued), "circuit_open": .bool(state.breaker == .open),
      "open_services": .texts(
        pool.breakerStates().filter { $0.state == .open }.compactMap(\.service).reduce(into: []) {
          names, name in
          if names.last != name { names.append(name) }
        }),
      "total_tasks_executed": .integer(state.executed), "total_tasks_failed": .integer(state.failed),
    ])
  }
}
