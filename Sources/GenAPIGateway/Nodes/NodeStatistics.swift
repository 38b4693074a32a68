import GenAPITelemetry
import GenAPIValue
import Synchronization

/// What this gateway knows of the service nodes it calls; at most 1 000 of them.
final class NodeStatistics: Sendable {
  static let limit = 1_000

  private let nodes = Mutex<[ByteText: ServiceNodeState]>([:])

  func changed(_ change: NodeChange, at wall: Int64) {
    nodes.withLock { nodes in
      guard nodes[change.node] != nil || nodes.count < Self.limit else { return }
      var state = nodes[change.node] ?? ServiceNodeState(node: change.node, since: wall)
      if state.up != change.isUp { state.since = wall }
      state.up = change.isUp
      nodes[change.node] = state
    }
  }

  func called(_ node: ByteText, durationUs: Int64, failed: Bool, at wall: Int64) {
    nodes.withLock { nodes in
      guard nodes[node] != nil || nodes.count < Self.limit else { return }
      nodes[node, default: ServiceNodeState(node: node, since: wall)].calls += 1
      if failed { nodes[node]?.failures += 1 }
      nodes[node]?.latency.record(durationUs)
    }
  }

  /// Sorted by name, each with the services that the configs place on it.
  func states(_ functions: [FunctionState]) -> [ServiceNodeState] {
    var services: [ByteText: Set<ByteText>] = [:]
    for function in functions {
      for node in function.nodes { services[node, default: []].insert(function.service) }
    }
    return nodes.withLock { $0.values.map { $0 } }.map { state in
      var state = state
      state.services = (services[state.node] ?? []).sorted()
      return state
    }.sorted { $0.node < $1.node }
  }
}
