import GenAPITelemetry
import GenAPIValue

extension ConfigStore {
  /// Stores the configs of endpoints and makes their functions callable, all of them or none.
  ///
  /// - Parameter isSet: they are all endpoints of their service: what an earlier set had and this one does not goes.
  /// - Throws: `ConfigStoreError.invalid` with every fault, each naming its endpoint.
  @discardableResult
  func register(_ endpoints: [Endpoint], of service: ByteText, isSet: Bool) throws(ConfigStoreError)
    -> [FunctionConfig]
  {
    if maxFunctions == 0 { throw .isClient }
    let configs = endpoints.map { $0.config(service: service) }
    try check(configs, of: endpoints, service)
    let keys = configs.map(\.storeKey)
    let (failure, removed) = writing.withLock {
      writing -> (ConfigStoreError?, [(key: Key, isReplaced: Bool)]) in
      var table = self.table
      let before = isSet ? writing.sets[service] ?? [] : []
      let gone = before.subtracting(keys).filter { table[$0]?.source.kind == .local }
      let new = keys.count { table[$0] == nil }
      guard table.functions.count + new - gone.count <= maxFunctions else {
        return (.full(limit: maxFunctions), [])
      }
      // Refused before anything is changed.
      var limits = Dictionary(gone.map { ($0, [RateLimit]()) }) { $1 }
      for (endpoint, config) in zip(endpoints, configs) { limits[config.storeKey] = endpoint.limits(config) }
      do throws(RateLimitError) {
        try limiter.setOwned(limits)
      } catch {
        return (.invalid(["limit: \(error)"]), [])
      }
      let removed = gone.map { (key: $0, isReplaced: removeOwn($0, from: &table, &writing)) }
      for (endpoint, config) in zip(endpoints, configs) {
        let key = config.storeKey
        if let old = table[key], old.source.kind != .local {
          writing.shadowed[key] = (old.config, old.source)
        }
        // What an earlier endpoint of this name had and this one has not.
        let names = EndpointNames(config)
        registry.remove(writing.endpoints[key]?.all.filter { !names.all.contains($0) } ?? [])
        registry.register(endpoint, service: service)
        writing.endpoints[key] = names
        put(config, .local, into: &table, &writing)
      }
      if isSet { writing.sets[service] = Set(keys) } else { writing.sets[service]?.subtract(keys) }
      publish(table)
      release(gone, table, &writing)
      return (nil, removed)
    }
    if let failure { throw failure }
    for key in keys { bus.emit(.configChange(.add, change(key))) }
    for (key, isReplaced) in removed {
      bus.emit(.configChange(isReplaced ? .add : .delete, change(key)))
    }
    return configs
  }

  private func check(_ configs: [FunctionConfig], of endpoints: [Endpoint], _ service: ByteText)
    throws(ConfigStoreError)
  {
    var faults: [ByteText] = []
    if let fault = ConfigBounds.fault(ofName: service, "service") { faults.append(fault) }
    var seen = Set<Key>()
    for (endpoint, config) in zip(endpoints, configs) {
      let found =
        config.endpointFaults(registry) + policy.faults(of: config, in: .swift) + endpoint.faults(config)
      if !found.isEmpty {
        writing.withLock { $0.failed.record(config, found, .local, at: clock.wallMicroseconds()) }
      }
      let name = config.nameInFaults
      faults += found.map { "\(name): \($0)" }
      if !seen.insert(config.storeKey).inserted { faults.append("\(name) is there twice") }
    }
    guard faults.isEmpty else { throw .invalid(faults) }
  }
}

extension FunctionConfig {
  /// What is wrong with the config of an endpoint, which says more than others: what its function takes, and that its
  /// names are registered where it is.
  ///
  /// - Parameter registry: where whatever it names beside its own closures has to be.
  package func endpointFaults(_ registry: FunctionRegistry) -> [ByteText] {
    let words = FaultWords.swift
    var faults = self.faults(in: words)
    if case .argument(let name) = permission, permissionCallback == nil, arguments[name] == nil {
      // Of an object that holds it, the argument one level down counts.
      let mayHold = argumentOrder == .map && arguments.values.contains { $0.type == .map || $0.type == .any }
      let isTold = faults.contains { $0.hasPrefix(words.field("check_permission")) }
      if !mayHold, !isTold {
        faults.append("\(words.field("check_permission")) names \(untaken(argument: name))")
      }
    }
    for missing in registry.unresolved(in: self, reachesNodes: false) {
      let isOwn = ConfigStore.EndpointNames(self).all.contains { missing.hasSuffix(" " + $0) }
      if !isOwn {
        let (field, name) = missing.parted(at: UInt8(ascii: " ")) ?? (missing, "")
        faults.append(
          "\(words.field(field)) \(name.cut(bytes: 400)) is not registered\(registry.known(missing, in: words))"
        )
      }
    }
    return faults
  }

  /// `user_service/get_user 1.0.0`: what a fault of an endpoint is told of.
  package var nameInFaults: ByteText {
    func shown(_ name: ByteText) -> ByteText {
      ConfigBounds.isBlank(name) ? "(no name)" : name.cut(bytes: 64)
    }
    let version =
      version.flatMap { ConfigBounds.isBlank($0) ? nil : " \($0.cut(bytes: 64))" as ByteText } ?? ""
    return "\(shown(service))/\(shown(requestType))\(version)"
  }
}
