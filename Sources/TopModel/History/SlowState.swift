import GenAPITelemetry

/// The parts of a gateway's state that are shown as they were, rather than as rates.
///
/// Kept once for every second in which something in it changed. Its lists share their memory with the state
/// they came from, so an unchanged list costs 8 bytes.
struct SlowState: Equatable, Sendable {
  var limits: [LimitState] = []
  var hotKeys: [HotKeyState] = []
  var pools: [PoolState] = []
  var breakers: [BreakerState] = []
  var functions: [FunctionState] = []
  var services: [ServiceState] = []
  var configChanges: [ConfigChangeState] = []
  var failedConfigs: [FailedConfigState] = []
  var relay: [GroupState] = []
  var sockets = SocketsState()
  var nodes: [ServiceNodeState] = []
  var process = ProcessState()

  init() {}

  init(_ state: GatewayState) {
    limits = state.limits
    hotKeys = state.hotKeys
    pools = state.pools
    breakers = state.breakers
    functions = state.functions
    services = state.services
    configChanges = state.configChanges
    failedConfigs = state.failedConfigs
    relay = state.relay
    sockets = state.sockets
    nodes = state.nodes
    process = state.process
  }
}
