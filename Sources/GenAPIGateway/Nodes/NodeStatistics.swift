import GenAPITelemetry
import GenAPIValue
import Locking

/// What this gateway knows of the service nodes it calls; at most 1 000 of them.
final class NodeStatistics: Sendable {
  static let limit = 1_000
  /// How long a node is remembered that is not connected, and that nothing names or calls: 10 minutes, in microseconds. A node
  /// that left for good is no fault for ever.
  static let rememberedUs: Int64 = 600_000_000

  private struct Known {
    var state: ServiceNodeState
    /// The cluster tells when it comes and goes; what becomes of calls says nothing more.
    var isWatched = false
    /// When it was last connected, named or called.
    var neededAt: Int64

    /// The newest reason stands, unless it only says the one before in more words, as that of a call which did not wait for
    /// the next attempt.
    mutating func isDown(_ reason: ByteText?) {
      guard let reason = reason?.cut(bytes: TextLimit.text), !reason.isEmpty, reason != state.reason else {
        return
      }
      if let old = state.reason, reason.string.hasSuffix(old.string) { return }
      state.reason = reason
    }
  }

  private let nodes = Mutex<[ByteText: Known]>([:])
  /// Nothing reaches any node: those that functions name are down without having been called.
  private let isAlone: Bool
  private let startedAt: Int64

  init(isAlone: Bool, startedAt: Int64) {
    self.isAlone = isAlone
    self.startedAt = startedAt
  }

  /// - Returns: false for a node that is down and was so, of which only the reason may be new.
  @discardableResult
  func changed(_ change: NodeChange, at wall: Int64) -> Bool {
    nodes.withLock { nodes in
      guard nodes[change.node] != nil || nodes.count < Self.limit else { return true }
      let wasDown = nodes[change.node].map { !$0.state.up } ?? false
      var known =
        nodes[change.node] ?? Known(state: ServiceNodeState(node: change.node, since: wall), neededAt: wall)
      if known.state.up != change.isUp { known.state.since = wall }
      known.state.up = change.isUp
      known.isWatched = true
      known.neededAt = wall
      if change.isUp { known.state.reason = nil } else { known.isDown(change.reason) }
      nodes[change.node] = known
      return change.isUp || !wasDown
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
      var known =
        nodes[node] ?? Known(state: ServiceNodeState(node: node, up: isReached, since: wall), neededAt: wall)
      known.neededAt = wall
      known.state.calls += 1
      // One that was given up says nothing of the node but that it was called.
      guard error != .cancelled else {
        nodes[node] = known
        return
      }
      if error != nil { known.state.failures += 1 }
      known.state.latency.record(durationUs)
      if !known.isWatched, known.state.up != isReached {
        known.state.up = isReached
        known.state.since = wall
        if isReached { known.state.reason = nil }
      }
      if !known.state.up, case .unreachable(let reason)? = error { known.isDown(reason) }
      nodes[node] = known
    }
  }

  /// A call goes on to another node, as this one could not be reached.
  func passedOver(_ node: ByteText) {
    nodes.withLock { $0[node]?.state.failovers += 1 }
  }

  /// Forgets nodes that nothing needed for `rememberedUs`.
  ///
  /// - Parameter named: what functions, services to pull and lists of nodes name now.
  func forget(except named: Set<ByteText>, at wall: Int64) {
    nodes.withLock { nodes in
      for (node, known) in nodes {
        if known.isWatched && known.state.up || named.contains(node) {
          nodes[node]?.neededAt = wall
        } else if wall.saturatingSubtract(known.neededAt) >= Self.rememberedUs {
          nodes[node] = nil
        }
      }
    }
  }

  /// The nodes that are up, sorted.
  var connected: [ByteText] {
    nodes.withLock { $0.filter(\.value.state.up).map(\.key) }.sorted()
  }

  /// Sorted by name.
  ///
  /// - Parameter services: those that the configs place on a node, sorted.
  func states(_ services: [ByteText: [ByteText]]) -> [ServiceNodeState] {
    var states = nodes.withLock { $0.mapValues(\.state) }
    if isAlone {
      // What is no `name@host` is this gateway itself, or a function that lists nodes.
      for node in services.keys.sorted()
      where node.utf8.contains(UInt8(ascii: "@")) && states[node] == nil && states.count < Self.limit {
        states[node] = ServiceNodeState(
          node: node, up: false, since: startedAt, reason: "this gateway is not part of a cluster")
      }
    }
    return states.values.map { state in
      var state = state
      state.services = services[state.node] ?? []
      return state
    }.sorted { $0.node < $1.node }
  }
}
