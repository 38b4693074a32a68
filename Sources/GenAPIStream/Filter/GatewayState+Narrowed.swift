import GenAPITelemetry

extension GatewayState {
  /// The state without the entries of services the filter leaves out. Totals, pools, breakers, relay, hooks and
  /// global limits belong to no service and stay.
  public func narrowed(by filter: CompiledFilter) -> GatewayState {
    if filter.wantsAllServices { return self }
    var state = self
    state.series.removeAll { !filter.wantsService($0.service) }
    state.functions.removeAll { !filter.wantsService($0.service) }
    state.services.removeAll { !filter.wantsService($0.service) }
    state.configChanges.removeAll { !filter.wantsService($0.service) }
    state.failedConfigs.removeAll { !filter.wantsService($0.service) }
    state.limits.removeAll { limit in !Self.wants(scope: limit.scope, filter) }
    let scopes = Dictionary(limits.map { ($0.id, $0.scope) }, uniquingKeysWith: { $1 })
    state.hotKeys.removeAll { key in scopes[key.limit].map { !Self.wants(scope: $0, filter) } ?? false }
    state.nodes.removeAll { node in
      !node.services.isEmpty && !node.services.contains(where: filter.wantsService)
    }
    return state
  }

  /// A scope is `global` or `service/request_type`.
  private static func wants(scope: String, _ filter: CompiledFilter) -> Bool {
    // By bytes: a request type may begin with a combining mark.
    guard let slash = scope.utf8.firstIndex(of: UInt8(ascii: "/")) else { return true }
    return filter.wantsService(String(scope[..<slash]))
  }
}
