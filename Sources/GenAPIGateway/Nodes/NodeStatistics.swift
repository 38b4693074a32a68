import GenAPITelemetry
import GenAPIValue
import Synchronization

/// What this gateway knows of the service nodes it calls; at most 1 000 of them.
final class NodeStatistics: Sendable {
  static let limit = 1_000

  private struct Known {
    var state: ServiceNodeState
    /// The cluster tells when it comes and goes; what becomes of calls says nothing more.
    var isWatched = false
  }

  private let nodes = Mutex<[ByteText: Known]>([:])
  /// Nothing reaches any node: those that functions name are down without having been called.
  let isAlone: Bool
  private let startedAt: Int64

  init(isAlone: Bool, startedAt: Int64) {
    self.isAlone = isAlone
    self.startedAt = startedAt
  }

  func changed(_ change: NodeChange, at wall: Int64) {
    nodes.withLock { nodes in
      guard nodes[change.node] != nil || nodes.count < Self.limit else { return }
      var known = nodes[change.node] ?? Known(state: ServiceNodeState(node: change.node, since: wall))
      if known.state.up != change.isUp { known.state.since = wall }
      known.state.up = change.isUp
      known.isWatched = true
      nodes[change.node] = known
    }
  }

  /// - Parameter error: why there was no answer; nil when there was.
  func called(_ node: ByteText, durationUs: Int64, error: RemoteCallError?, at wall: Int64) {
    var isReached = true
    switch error {
    case .unreachable, .lost: isReached = false
    case .timeout, .raised, .cancelled, nil: break
    }
    nodes.withLock { nodes in
      guard nodes[node] != nil || nodes.count < Self.limit else { return }
      var known = nodes[node] ?? Known(state: ServiceNodeState(node: node, up: isReached, since: wall))
      known.state.calls += 1
      if error != nil { known.state.failures += 1 }
      known.state.latency.record(durationUs)
      if !known.isWatched, known.state.up != isReached {
        known.state.up = isReached
        known.state.since = wall
      }
      nodes[node] = known
    }
  }

  /// Sorted by name, each with the services that the configs place on it.
  func states(_ functions: [FunctionState]) -> [ServiceNodeState] {
    var services: [ByteText: Set<ByteText>] = [:]
    for function in functions {
      for node in function.nodes { services[node, default: []].insert(function.service) }
    }
    var states = nodes.withLock { $0.mapValues(\.state) }
    if isAlone {
      // What is no `name@host` is this gateway itself, or a function that lists nodes.
      for node in services.keys.sorted()
      where node.utf8.contains(UInt8(ascii: "@")) && states[node] == nil && states.count < Self.limit {
        states[node] = ServiceNodeState(node: node, up: false, since: startedAt)
      }
    }
    return states.values.map { state in
      var state = state
      state.services = (services[state.node] ?? []).sorted()
      return state
    }.sorted { $0.node < $1.node }
  }
}
