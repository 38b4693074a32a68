import GenAPIValue

/// What changed between two states of a gateway: whole sections that differ, and of lists only the entries
/// that are new or different, and the keys of those that are gone.
public struct GatewayStateChange: Codable, Equatable, Sendable {
  public var totals: TotalsState?
  public var series: [SeriesState]?
  public var limits: [LimitState]?
  public var hotKeys: [HotKeyState]?
  public var pools: [PoolState]?
  public var breakers: [BreakerState]?
  public var functions: [FunctionState]?
  public var services: [ServiceState]?
  public var configChanges: [ConfigChangeState]?
  public var failedConfigs: [FailedConfigState]?
  public var relay: [GroupState]?
  public var hooks: [HookState]?
  public var sockets: SocketsState?
  public var nodes: [ServiceNodeState]?
  public var subscribers: [SubscriberState]?
  public var process: ProcessState?
  /// Section name to the keys (`entryKey`) of entries that are gone.
  public var removed: [ByteText: [ByteText]]?

  public init() {}

  enum CodingKeys: String, CodingKey {
    case totals, series, limits, pools, breakers, functions, services, relay, hooks, sockets, nodes
    case subscribers, process, removed
    case hotKeys = "hot_keys"
    case configChanges = "config_changes"
    case failedConfigs = "failed_configs"
  }
}

extension GatewayState {
  /// What has to be applied to `old` to make it this state.
  public func changes(since old: GatewayState) -> GatewayStateChange {
    var change = GatewayStateChange()
    if totals != old.totals { change.totals = totals }
    if sockets != old.sockets { change.sockets = sockets }
    if process != old.process { change.process = process }
    var removed: [ByteText: [ByteText]] = [:]
    func list<Entry: StateEntry>(
      _ path: KeyPath<GatewayState, [Entry]>, _ key: GatewayStateChange.CodingKeys
    ) -> [Entry]? {
      let new = self[keyPath: path]
      let previous = Dictionary(old[keyPath: path].map { ($0.entryKey, $0) }, uniquingKeysWith: { $1 })
      let changed = new.filter { previous[$0.entryKey] != $0 }
      let present = Set(new.map(\.entryKey))
      let gone = previous.keys.filter { !present.contains($0) }
      if !gone.isEmpty { removed[ByteText(key.stringValue)] = gone.sorted() }
      return changed.isEmpty ? nil : changed
    }
    change.series = list(\.series, .series)
    change.limits = list(\.limits, .limits)
    change.hotKeys = list(\.hotKeys, .hotKeys)
    change.pools = list(\.pools, .pools)
    change.breakers = list(\.breakers, .breakers)
    change.functions = list(\.functions, .functions)
    change.services = list(\.services, .services)
    change.configChanges = list(\.configChanges, .configChanges)
    change.failedConfigs = list(\.failedConfigs, .failedConfigs)
    change.relay = list(\.relay, .relay)
    change.hooks = list(\.hooks, .hooks)
    change.nodes = list(\.nodes, .nodes)
    change.subscribers = list(\.subscribers, .subscribers)
    if !removed.isEmpty { change.removed = removed }
    return change
  }

  /// Applies what `changes(since:)` found. Entries keep their order; new ones go to the end.
  public mutating func apply(_ change: GatewayStateChange) {
    if let value = change.totals { totals = value }
    if let value = change.sockets { sockets = value }
    if let value = change.process { process = value }
    func merge<Entry: StateEntry>(
      _ list: inout [Entry], _ changed: [Entry]?, _ key: GatewayStateChange.CodingKeys
    ) {
      if let gone = change.removed?[ByteText(key.stringValue)], !gone.isEmpty {
        let gone = Set(gone)
        list.removeAll { gone.contains($0.entryKey) }
      }
      guard let changed else { return }
      var positions = Dictionary(
        list.enumerated().map { ($0.element.entryKey, $0.offset) }, uniquingKeysWith: { $1 })
      for entry in changed {
        if let position = positions[entry.entryKey] {
          list[position] = entry
        } else {
          positions[entry.entryKey] = list.count
          list.append(entry)
        }
      }
    }
    merge(&series, change.series, .series)
    merge(&limits, change.limits, .limits)
    merge(&hotKeys, change.hotKeys, .hotKeys)
    merge(&pools, change.pools, .pools)
    merge(&breakers, change.breakers, .breakers)
    merge(&functions, change.functions, .functions)
    merge(&services, change.services, .services)
    merge(&configChanges, change.configChanges, .configChanges)
    merge(&failedConfigs, change.failedConfigs, .failedConfigs)
    merge(&relay, change.relay, .relay)
    merge(&hooks, change.hooks, .hooks)
    merge(&nodes, change.nodes, .nodes)
    merge(&subscribers, change.subscribers, .subscribers)
  }
}
