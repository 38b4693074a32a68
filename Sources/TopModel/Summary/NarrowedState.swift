import GenAPITelemetry
import GenAPIValue

/// Leaves out of a gateway's state what the panes leave out by the filter; what is of a kind that a term says nothing of stays.
struct NarrowedState: SectionVisitor {
  private(set) var state: GatewayState
  private let node: ByteText
  private let filter: FilterExpression
  private let scope: NodeScope
  /// Keys of each limit, and breakers of each pool.
  private let keys: [ByteText: [HotKeyState]]
  private let breakers: [ByteText: [BreakerState]]
  private let limits: Set<ByteText>
  /// Without the terms that the gateway itself has met: what it holds need not.
  private let inside: FilterExpression

  init(_ state: GatewayState, of node: ByteText, _ filter: FilterExpression, _ scope: NodeScope) {
    self.state = state
    self.node = node
    self.filter = filter
    self.scope = scope
    let keys = Dictionary(grouping: state.hotKeys, by: \.limit)
    self.keys = keys
    breakers = Dictionary(grouping: state.breakers, by: \.pool)
    limits = Set(
      state.limits.filter { filter.matches(limit: $0, keys: keys[$0.id] ?? [], node: node) }.map(\.id))
    inside = filter.keeping { $0.key != .node || $0.isNegated || !scope.isWhole }
    GatewayState.visitSections(&self)
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries = state[keyPath: section.path]
    state[keyPath: section.path] = entries.filter(passes)
  }

  private func passes(_ entry: some StateEntry) -> Bool {
    switch entry {
    case let series as SeriesState: return passes(series.service, series.requestType, series.version)
    case let user as TopUserState:
      return passes(user.service, user.requestType, user.version) && filter.matches(user: user.user)
    case let limit as LimitState: return limits.contains(limit.id)
    case let key as HotKeyState: return limits.contains(key.limit) && filter.matches(key: key)
    case let pool as PoolState:
      return filter.matches(pool: pool.name, breakers: breakers[pool.name] ?? [], node: node)
    case let breaker as BreakerState: return filter.matches(breaker: breaker, node: node)
    case let function as FunctionState:
      return passes(function.service, function.requestType, function.version)
    case let service as ServiceState: return passes(service.service)
    case let change as ConfigChangeState: return passes(change.service)
    case let failed as FailedConfigState: return passes(failed.service)
    case let group as GroupState: return filter.matches(group: group, node: node)
    case let node as ServiceNodeState: return inside.matches(node: node.node, services: node.services)
    default: return scope.isWhole
    }
  }

  private func passes(_ service: ByteText, _ requestType: ByteText? = nil, _ version: ByteText? = nil) -> Bool
  {
    filter.matches(service: service, requestType: requestType, version: version, node: nil)
      && (requestType.map { scope.includes(service: service, requestType: $0) }
        ?? scope.includes(service: service))
  }
}
