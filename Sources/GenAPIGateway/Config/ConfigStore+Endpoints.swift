import GenAPITelemetry
import GenAPIValue
import Logging

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
    var earlier: Set<Key>?
    var takenOver: [Key] = []
    let (failure, removed) = writing.withLock {
      writing -> (ConfigStoreError?, [(key: Key, isReplaced: Bool)]) in
      var table = self.table
      earlier = isSet ? writing.sets[service] : nil
      let before = isSet ? writing.sets[service] ?? [] : []
      if isSet {
        takenOver = keys.filter { !before.contains($0) && table[$0]?.source.kind == .local }
      }
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
      if isSet {
        writing.sets[service] = keys.isEmpty ? nil : Set(keys)
      } else {
        writing.sets[service]?.subtract(keys)
      }
      publish(table)
      release(gone, table, &writing)
      return (nil, removed)
    }
    if let failure { throw failure }
    tellDisabled(configs)
    if isSet { tell(of: service, earlier, keys, removed.map { $0.key }, takenOver) }
    tellVersions(configs)
    for key in keys { bus.emit(.configChange(.add, change(key))) }
    for (key, isReplaced) in removed {
      bus.emit(.configChange(isReplaced ? .add : .delete, change(key)))
    }
    return configs
  }

  /// That a set took the place of an earlier one: two parts of a program that register one service each would undo one another.
  private func tell(
    of service: ByteText, _ earlier: Set<Key>?, _ keys: [Key], _ removed: [Key], _ takenOver: [Key]
  ) {
    func shown(_ names: [ByteText]) -> ByteText {
      let shown: ByteText = names.sorted().prefix(20).map { $0.cut(bytes: 64) }.joined(separator: ", ")
      return ByteText(shown.shown) + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
    var metadata: Logger.Metadata = ["service": "\(service.cut(bytes: TextLimit.name).shown)"]
    if !takenOver.isEmpty {
      metadata["taken"] = "\(shown(takenOver.map(\.requestType)))"
      logger.notice(
        "a set of endpoints takes over functions that were registered by themselves; the next set without them removes them",
        metadata: metadata)
      metadata["taken"] = nil
    }
    guard earlier != nil else {
      guard keys.isEmpty else { return }
      return logger.notice(
        "a set without endpoints was registered: there is nothing to remove", metadata: metadata)
    }
    guard !removed.isEmpty else {
      return logger.info("a set of endpoints takes the place of an earlier one", metadata: metadata)
    }
    metadata["removed"] = "\(shown(removed.map(\.requestType)))"
    logger.log(
      level: keys.isEmpty ? .info : .notice,
      "a set of endpoints takes the place of an earlier one, which had more functions; one set has all of a service",
      metadata: metadata)
  }

  /// What was switched off stays so, whoever registers it anew.
  private func tellDisabled(_ configs: [FunctionConfig]) {
    let overrides = writing.withLock { $0.overrides }
    for config in configs where overrides[config.storeKey] == false {
      logger.notice(
        "a function is registered that was switched off: it stays so until configs.enable, or configs.delete before it is registered",
        metadata: ["function": "\(config.nameInFaults.shown)"])
    }
  }

  /// Versions that are no semantic ones are below all that are, and below each other by their text.
  private func tellVersions(_ configs: [FunctionConfig]) {
    for config in configs {
      guard let version = config.version, !FunctionVersion(version).isSemantic else { continue }
      logger.notice(
        "a version is not of the form 1.2.3: it is lower than all that are, and ordered by its text",
        metadata: ["function": "\(config.nameInFaults.shown)"])
    }
  }

  private func check(_ configs: [FunctionConfig], of endpoints: [Endpoint], _ service: ByteText)
    throws(ConfigStoreError)
  {
    var faults: [ByteText] = []
    let serviceFault = ConfigBounds.fault(ofName: service, "service")
    if let serviceFault { faults.append(serviceFault) }
    var seen = Set<Key>()
    for (endpoint, config) in zip(endpoints, configs) {
      // What is wrong with the service is said once.
      let found =
        config.endpointFaults(registry).map { endpoint.asWritten($0, config) }
        + policy.faults(of: config, in: .swift) + endpoint.faults(config)
      if !found.isEmpty {
        writing.withLock { $0.failed.record(config, found, .local, at: clock.wallMicroseconds()) }
      }
      let name = config.nameInFaults
      faults += found.filter { $0 != serviceFault }.map { ByteText("\(name): \($0)".shown) }
      if !seen.insert(config.storeKey).inserted { faults.append("\(ByteText(name.shown)) is there twice") }
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
    if case .argument(let name) = permission, permissionCallback == nil,
      arguments[name]?.defaultValue != nil
    {
      faults.append(
        """
        \(words.field("check_permission")) names the argument "\(name.cut(bytes: 64))", which has a default: the permission is \
        checked before it counts, so who leaves it out is denied
        """)
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
      ConfigBounds.isBlank(name) ? "(no name)" : name.cut(bytes: 64).asName
    }
    let version =
      version.flatMap { ConfigBounds.isBlank($0) ? nil : " \($0.cut(bytes: 64).asName)" as ByteText } ?? ""
    return "\(shown(service))/\(shown(requestType))\(version)"
  }
}
