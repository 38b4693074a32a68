import GenAPITelemetry

/// The parts of a gateway's state that are shown as they were, rather than as rates.
///
/// Kept once for every second in which something in it changed. A list that did not change shares its memory
/// with the one before and costs 8 bytes. Relay groups are in `RelayHistory`; the counters of service nodes are
/// in the samples.
struct SlowState: Equatable, Sendable {
  var limits: [LimitState] = []
  var hotKeys: [HotKeyState] = []
  var pools: [PoolState] = []
  var breakers: [BreakerState] = []
  var functions: [FunctionState] = []
  var services: [ServiceState] = []
  var configChanges: [ConfigChangeState] = []
  var failedConfigs: [FailedConfigState] = []
  /// Without their counters and latencies.
  var nodes: [ServiceNodeState] = []
  var openSockets = 0
  var residentBytes: Int64 = 0

  init() {}

  /// About what it takes in memory beside another one with which it shares what did not change.
  func storedBytes(beside other: SlowState?) -> Int {
    func bytes<Entry: StateEntry>(_ list: KeyPath<SlowState, [Entry]>) -> Int {
      if let other, self[keyPath: list].shares(other[keyPath: list]) { return 0 }
      return self[keyPath: list].storedBytes
    }
    return MemoryLayout<SlowState>.stride + bytes(\.limits) + bytes(\.hotKeys) + bytes(\.pools)
      + bytes(\.breakers)
      + bytes(\.functions) + bytes(\.services) + bytes(\.configChanges) + bytes(\.failedConfigs)
      + bytes(\.nodes)
  }

  init(_ state: GatewayState, sharing last: SlowState?) {
    func shared<Entry: Equatable>(_ now: [Entry], _ list: KeyPath<SlowState, [Entry]>) -> [Entry] {
      guard let before = last?[keyPath: list], before == now else { return now }
      return before
    }
    limits = shared(state.limits, \.limits)
    hotKeys = shared(state.hotKeys, \.hotKeys)
    pools = shared(state.pools, \.pools)
    breakers = shared(state.breakers, \.breakers)
    functions = shared(state.functions, \.functions)
    services = shared(state.services, \.services)
    configChanges = shared(state.configChanges, \.configChanges)
    failedConfigs = shared(state.failedConfigs, \.failedConfigs)
    nodes = shared(state.nodes.map(\.withoutCounters), \.nodes)
    openSockets = state.sockets.open
    residentBytes = state.process.residentBytes
  }
}

extension ServiceNodeState {
  fileprivate var withoutCounters: ServiceNodeState {
    ServiceNodeState(node: node, up: up, since: since, services: services)
  }
}
