/// Everything a gateway knows of itself at one moment: the exact numbers behind the events.
///
/// Counters are cumulative since the gateway started. What a snapshot frame carries, and what answers an
/// operator's questions inside the process.
public struct GatewayState: Codable, Equatable, Sendable {
  public var totals = TotalsState()
  public var series: [SeriesState] = []
  public var limits: [LimitState] = []
  /// The 20 keys closest to their limits.
  public var hotKeys: [HotKeyState] = []
  public var pools: [PoolState] = []
  public var breakers: [BreakerState] = []
  public var functions: [FunctionState] = []
  public var services: [ServiceState] = []
  /// The last 100 changes.
  public var configChanges: [ConfigChangeState] = []
  public var failedConfigs: [FailedConfigState] = []
  public var relay: [GroupState] = []
  public var hooks: [HookState] = []
  public var sockets = SocketsState()
  public var nodes: [ServiceNodeState] = []
  public var subscribers: [SubscriberState] = []
  public var process = ProcessState()

  public init() {}

  private enum CodingKeys: String, CodingKey {
    case totals, series, limits, pools, breakers, functions, services, relay, hooks, sockets, nodes
    case subscribers, process
    case hotKeys = "hot_keys"
    case configChanges = "config_changes"
    case failedConfigs = "failed_configs"
  }
}
