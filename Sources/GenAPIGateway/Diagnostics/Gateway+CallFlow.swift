import GenAPITelemetry
import GenAPIValue

extension Gateway {
  /// What would happen to a request for a function: the version it would get by the same rules, its nodes and
  /// whether they are up, its limits, its permission, its hooks. Calls nothing but the function that lists nodes.
  public func callFlow(service: ByteText, requestType: ByteText, version: ByteText? = nil) async -> CallFlow {
    let request = Request(service: service, requestType: requestType, requestID: "", version: version)
    switch configs.lookup(service: service, requestType: requestType, version: version) {
    case .found(let stored): return await flow(stored, error: nil)
    case .disabled:
      guard let stored = configs.stored(service, requestType, version) else { fallthrough }
      return await flow(stored, error: ClientTexts.disabled(request))
    case .missing:
      return CallFlow(
        service: service, requestType: requestType, version: FunctionVersion.effective(version),
        error: ClientTexts.unsupported(request), config: nil, enabled: false, isLocal: false, nodes: [],
        reachableNodes: [], unreachableNodes: [], globalLimits: [], functionLimits: [],
        steps: [CallFlow.Step(phase: .configLookup, text: ClientTexts.unsupported(request).string)])
    }
  }

  /// The flow of every function, by service, request type and version.
  public func callFlows(includingDisabled: Bool = false) async -> [CallFlow] {
    await callFlows(includingDisabled: includingDisabled, offset: 0, most: .max).flows
  }

  /// So many of them from a place on, and how many come behind.
  package func callFlows(includingDisabled: Bool = false, offset: Int, most: Int) async -> (
    flows: [CallFlow], left: Int
  ) {
    var flows: [CallFlow] = []
    let stored = configs.allStored.filter { includingDisabled || $0.isEnabled }.dropFirst(offset)
    for stored in stored.prefix(most) {
      let name = "\(stored.config.requestType.asName) version \(stored.identity.version?.asName ?? "latest")"
      flows.append(await flow(stored, error: stored.isEnabled ? nil : "disabled function: \(name)"))
    }
    return (flows, stored.count - flows.count)
  }

  private func flow(_ stored: StoredFunction, error: ByteText?) async -> CallFlow {
    let config = stored.config
    let limits = rateLimiter.configuration.enabled ? rateLimiter.limits : []
    let scope = RateLimitScope.api(service: config.service, requestType: config.requestType)
    let global = limits.filter { $0.scope == .global }.map(\.id)
    let own = limits.filter { $0.scope == scope }.map(\.id)
    let (nodes, nodesError) = await nodes(of: config)
    let known = nodeStatistics.states([:])
    let (up, down) = (Set(known.filter(\.up).map(\.node)), Set(known.filter { !$0.up }.map(\.node)))
    let pool = pool(of: stored)
    let refusal = pool?.refusal(of: config.service, on: config.nodes == .local ? [nil] : nodes)
    let refusalText = refusal.map { ByteText($0.description) }
    return CallFlow(
      service: config.service, requestType: config.requestType, version: stored.identity.version,
      error: error,
      config: config.value, enabled: stored.isEnabled, isLocal: config.nodes == .local, nodes: nodes,
      reachableNodes: nodes.filter { $0 == "local" || up.contains($0) },
      unreachableNodes: nodes.filter { down.contains($0) },
      unknownNodes: nodes.filter { $0 != "local" && !up.contains($0) && !down.contains($0) },
      nodesError: nodesError,
      globalLimits: global, functionLimits: own,
      circuits: pool?.circuits(of: config.service) ?? [], refusal: refusalText,
      steps: CallFlowSteps(config: config, limits: global.count + own.count, refusal: refusalText).steps())
  }

  private func nodes(of config: FunctionConfig) async -> ([ByteText], ByteText?) {
    switch config.nodes {
    case .local: return (["local"], nil)
    case .list(let names): return (names, nil)
    case .function(let reference):
      do {
        return (try await caller.lists.names(reference, of: config.service, timeoutMs: nil), nil)
      } catch {
        return ([], error.reason)
      }
    }
  }
}
