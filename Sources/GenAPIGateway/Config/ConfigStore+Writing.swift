import GenAPITelemetry
import GenAPIValue

extension ConfigStore {
  /// Stores a function, or replaces it.
  ///
  /// - Throws: `invalid` with every fault; the config is then recorded among the failed ones.
  public func add(_ config: FunctionConfig, origin: ConfigOrigin = .local) throws(ConfigStoreError) {
    if maxFunctions == 0 { throw .isClient }
    let config = config.normalised
    let faults = config.validate() + policy.faults(of: config)
    let key = config.storeKey
    let failure = writing.withLock { writing -> ConfigStoreError? in
      guard faults.isEmpty else {
        writing.failed.record(config, faults, origin, at: clock.wallMicroseconds())
        return .invalid(faults)
      }
      var table = self.table
      if table[key] == nil && table.functions.count >= maxFunctions { return .full(limit: maxFunctions) }
      if origin.kind == .local, let old = table[key], old.source.kind != .local {
        writing.shadowed[key] = (old.config, old.source)
      }
      put(config, origin, into: &table, &writing)
      publish(table)
      release([key], table, &writing)
      return nil
    }
    if let failure { throw failure }
    bus.emit(.configChange(.add, change(key)))
  }

  /// Replaces a function, or stores it: the same checks as `add`.
  public func update(_ config: FunctionConfig) throws(ConfigStoreError) { try add(config) }

  /// Stores those that are valid, all at once, and records the others.
  ///
  /// - Returns: how many were stored.
  /// - Throws: `allInvalid` when none was valid.
  @discardableResult
  public func batchAdd(_ configs: [FunctionConfig], origin: ConfigOrigin = .local) throws(ConfigStoreError)
    -> Int
  {
    try replace(service: nil, with: configs, origin: origin)
  }

  /// Stores what a service lists, and removes what it listed before and no longer does; functions added
  /// locally stay, and stay as they are: what a service lists of the same name waits until they go.
  ///
  /// - Parameter unreadable: what else it lists; what worked before of the function that one of them is of stays, and of all functions
  ///   where it does not say of which it is.
  @discardableResult
  func replace(
    service: ByteText?, with configs: [FunctionConfig], unreadable: [UnreadableConfig] = [],
    origin: ConfigOrigin
  ) throws(ConfigStoreError) -> Int {
    if maxFunctions == 0 { throw .isClient }
    // Looked at before anybody waits for it: there may be as many of them as a message holds.
    var faultsOfAll: [ByteText] = []
    // A function that went bad is not one that vanished: what worked before stays.
    var kept = Set<Key>()
    var valid: [FunctionConfig] = []
    var refused: [(config: FunctionConfig, faults: [ByteText])] = []
    for config in configs {
      let config = config.normalised
      let faults = config.validate() + policy.faults(of: config)
      kept.insert(config.storeKey)
      if faults.isEmpty {
        valid.append(config)
      } else {
        refused.append((config, faults))
        faultsOfAll += config.named(faults)
      }
    }
    let unread = UnreadNames(unreadable)
    func isKept(_ key: Key) -> Bool { kept.contains(key) || unread.mayName(key) }
    let now = clock.wallMicroseconds()
    let failed = refused.suffix(FailedConfigLog.limit).map {
      FailedConfigLog.entry($0.config, $0.faults, origin, at: now)
    }
    var stored = 0
    var removed: [Key] = []
    let failure = writing.withLock { writing -> ConfigStoreError? in
      var table = self.table
      var added = Set<Key>()
      var shadowed = 0
      for entry in failed { writing.failed.append(entry) }
      for config in valid where table[config.storeKey] == nil { added.insert(config.storeKey) }
      // Before anything of them is stored or counted.
      guard table.functions.count + added.count <= maxFunctions || added.isEmpty else {
        return .full(limit: maxFunctions)
      }
      for config in valid {
        if origin.kind != .local, table[config.storeKey]?.source.kind == .local {
          if writing.shadowed[config.storeKey]?.config != config {
            writing.failed.record(config, [Self.isOwn], origin, at: clock.wallMicroseconds())
          }
          writing.shadowed[config.storeKey] = (config, origin)
          shadowed += 1
          continue
        }
        put(config, origin, into: &table, &writing)
        stored += 1
      }
      if stored + shadowed == 0 && !configs.isEmpty { return .allInvalid(faultsOfAll.firstFaults()) }
      if let service {
        writing.shadowed = writing.shadowed.filter { $0.key.service != service || isKept($0.key) }
        removed = table.functions.filter { key, function in
          key.service == service && function.source.kind != .local && !isKept(key)
        }.map(\.key)
        for key in removed {
          table[key] = nil
          writing.changes.record("removed", key, at: clock.wallMicroseconds(), by: origin.words)
        }
      }
      publish(table)
      return nil
    }
    if let failure { throw failure }
    forgetGone(whereMoreThan: maxFunctions > .max / 2 ? .max : 2 * maxFunctions)
    if stored > 0, let first = configs.first {
      bus.emit(.configBatchAdd(service: service ?? first.service, count: stored))
    }
    for key in removed { bus.emit(.configChange(.delete, change(key))) }
    return stored
  }

  /// Counters of functions that are gone become part of those of all that are gone: after an hour, and at once those of the
  /// functions that went first where more have counters than a gateway may have functions.
  ///
  /// - Parameter most: nothing is done while at most so many have counters that are not there.
  func forgetGone(whereMoreThan most: Int = 0) {
    let table = self.table
    guard statistics.seriesCount - table.functions.count > most else { return }
    statistics.forgetGone(
      {
        table.functions[.init(service: $0.service, requestType: $0.requestType, version: $0.version)] != nil
      }, at: clock.wallMicroseconds(), most: maxFunctions)
  }

  /// Why a service's function is not stored.
  static let isOwn: ByteText = "is a function of the gateway's own, which a service cannot replace"

  /// Which of a service's functions wait behind the gateway's own.
  func own(among configs: [FunctionConfig]) -> [FunctionConfig] {
    let table = self.table
    return configs.filter { table[$0.normalised.storeKey]?.source.kind == .local }
  }

  /// Whether the gateway's own function of this name is this very one.
  public func holdsOwn(_ config: FunctionConfig) -> Bool {
    let config = config.normalised
    guard let stored = table[config.storeKey] else { return false }
    return stored.source.kind == .local && stored.config == config
  }

  /// Whether this very function was the gateway's own, and was deleted by hand.
  package func hasDeletedOwn(_ config: FunctionConfig) -> Bool {
    let config = config.normalised
    return writing.withLock { $0.deleted[config.storeKey] == config }
  }

  /// Whether a function would be left, were the gateway's own of these names removed: that of a service, also one that an own
  /// stands before, or another.
  package func keepsAny(without configs: [FunctionConfig]) -> Bool {
    let names = Set(configs.map(\.normalised.storeKey))
    return writing.withLock { writing in
      table.functions.contains { key, stored in
        !names.contains(key) || stored.source.kind != .local || writing.shadowed[key] != nil
      }
    }
  }

  /// Removes a function of the gateway's own; one that a service lists takes its place, and one that a service has put
  /// there stays.
  ///
  /// - Returns: false when there was none of the gateway's own.
  @discardableResult
  public func dropOwn(_ config: FunctionConfig) -> Bool {
    let key = config.normalised.storeKey
    let (isOwn, isReplaced) = writing.withLock { writing -> (Bool, Bool) in
      // Who writes it into the file again means it.
      writing.deleted[key] = nil
      var table = self.table
      guard table[key]?.source.kind == .local else { return (false, false) }
      let isReplaced = removeOwn(key, from: &table, &writing)
      if !isReplaced { writing.overrides[key] = nil }
      publish(table)
      release([key], table, &writing)
      return (true, isReplaced)
    }
    if isOwn { bus.emit(.configChange(isReplaced ? .add : .delete, change(key))) }
    return isOwn
  }

  /// Removes a function of the gateway's own.
  ///
  /// - Returns: whether one that a service lists took its place.
  func removeOwn(_ key: Key, from table: inout ConfigTable, _ writing: inout Writing) -> Bool {
    table[key] = nil
    guard let shadowed = writing.shadowed.removeValue(forKey: key) else {
      writing.changes.record("removed", key, at: clock.wallMicroseconds(), by: ConfigOrigin.local.words)
      return false
    }
    put(shadowed.config, shadowed.origin, into: &table, &writing)
    return true
  }

  /// Frees the closures of endpoints that no config calls any more, and ends the limits that they declared.
  func release(_ keys: some Sequence<Key>, _ table: ConfigTable, _ writing: inout Writing) {
    var limits: [Key: [RateLimit]] = [:]
    for key in keys {
      guard let names = writing.endpoints[key], table[key]?.functionName != names.all.first else { continue }
      writing.endpoints[key] = nil
      writing.sets[key.service]?.remove(key)
      registry.remove(names.all)
      limits[key] = []
    }
    // Fewer limits are within every bound.
    if !limits.isEmpty { try? limiter.setOwned(limits) }
  }

  func put(
    _ config: FunctionConfig, _ origin: ConfigOrigin, into table: inout ConfigTable,
    _ writing: inout Writing
  ) {
    let key = config.storeKey
    let old = table[key]
    if origin.kind == .local { writing.deleted[key] = nil }
    let enabled = writing.overrides[key] ?? !config.disabled
    let now = clock.wallMicroseconds()
    if let old, old.config == config, old.source.kind == origin.kind, old.isEnabled == enabled {
      if old.source == origin { return }
    } else {
      writing.changes.record(old == nil ? "added" : "updated", key, at: now, by: origin.words)
    }
    let identity =
      old?.identity
      ?? FunctionIdentity(service: config.service, requestType: config.requestType, version: key.version)
    table[key] = StoredFunction(
      config: config, identity: identity, series: old?.series ?? statistics.series(identity), source: origin,
      changedAt: now, isEnabled: enabled, turn: old?.turn ?? TurnCounter(),
      // Only what runs here holds a thread.
      pace: config.nodes == .local ? writing.paces.pace(of: config.function) : CallPace(),
      threads: old?.threads ?? FunctionThreads())
  }

  /// Switches a version off: requests for it are refused until it is enabled again. Pulls and pushes do not
  /// switch it on.
  public func disable(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(ConfigStoreError)
  {
    try switchTo(false, service, requestType, version)
  }

  /// Enables a function that was disabled.
  public func enable(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(ConfigStoreError)
  {
    try switchTo(true, service, requestType, version)
  }

  private func switchTo(_ isEnabled: Bool, _ service: ByteText, _ requestType: ByteText, _ version: ByteText?)
    throws(ConfigStoreError)
  {
    let key = Key(service: service, requestType: requestType, version: FunctionVersion.effective(version))
    let isFound = writing.withLock { writing -> Bool in
      var table = self.table
      let now = clock.wallMicroseconds()
      guard let function = table[key] else {
        // One that was switched and then went comes back as it was switched, so it can be switched meanwhile.
        guard let override = writing.overrides[key] else { return false }
        if override != isEnabled {
          writing.overrides[key] = isEnabled
          writing.changes.record(isEnabled ? "enabled" : "disabled", key, at: now, by: "operator")
        }
        return true
      }
      writing.overrides[key] = isEnabled
      table[key] = function.with(isEnabled: isEnabled, changedAt: now)
      writing.changes.record(isEnabled ? "enabled" : "disabled", key, at: now, by: "operator")
      publish(table)
      return true
    }
    guard isFound else { throw .notFound(missing(service, requestType, version: version)) }
    bus.emit(.configChange(isEnabled ? .enable : .disable, change(key)))
  }

  /// Removes a version, and forgets that it was switched off, also of one that is not there. Without a version it is the unversioned
  /// one, and no other.
  ///
  /// - Returns: false when there was none, and all that was forgotten is that it was switched off.
  /// - Throws: `notFound`, when nothing of this name is known: with what there is in its place.
  @discardableResult
  public func delete(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(ConfigStoreError) -> Bool
  {
    let key = Key(service: service, requestType: requestType, version: FunctionVersion.effective(version))
    let isFound = writing.withLock { writing -> Bool? in
      var table = self.table
      guard let old = table[key] else {
        return writing.overrides.removeValue(forKey: key) == nil ? nil : false
      }
      if old.source.kind == .local, writing.deleted.count < max(1, maxFunctions) {
        writing.deleted[key] = old.config
      }
      table[key] = nil
      writing.overrides[key] = nil
      writing.shadowed[key] = nil
      writing.changes.record("removed", key, at: clock.wallMicroseconds(), by: "operator")
      publish(table)
      release([key], table, &writing)
      return true
    }
    guard let isFound else { throw .notFound(missing(service, requestType, version: version)) }
    if isFound { bus.emit(.configChange(.delete, change(key))) }
    return isFound
  }

  /// Removes every function.
  public func clear() {
    writing.withLock { writing in
      for key in table.functions.keys.prefix(ConfigChangeLog.limit) {
        writing.changes.record("removed", key, at: clock.wallMicroseconds(), by: "operator")
      }
      writing.overrides = [:]
      writing.shadowed = [:]
      writing.deleted = [:]
      publish(ConfigTable())
      release(Array(writing.endpoints.keys), ConfigTable(), &writing)
    }
    bus.emit(.configClear)
  }

  /// Remembers that a service's config version changed.
  func recordVersion(service: ByteText, from old: ByteText?, to new: ByteText?, by origin: ConfigOrigin) {
    guard old != new else { return }
    writing.withLock {
      $0.changes.record(
        "version", Key(service: service, requestType: "", version: nil), at: clock.wallMicroseconds(),
        from: old, to: new, by: origin.words)
    }
  }

  /// Remembers something a service sent that could not even be read as a config.
  func recordUnreadable(service: ByteText, _ configs: [UnreadableConfig], origin: ConfigOrigin) {
    guard !configs.isEmpty else { return }
    let now = clock.wallMicroseconds()
    let entries = configs.suffix(FailedConfigLog.limit).map {
      FailedConfigLog.entry(service: service, $0.value, faults: $0.faults, origin, at: now)
    }
    writing.withLock { for entry in entries { $0.failed.append(entry) } }
  }

  /// The last changes, oldest first.
  public var changes: [ConfigChangeState] { writing.withLock { $0.changes.entries } }

  /// Configs that were refused in the last 24 hours, oldest first.
  public func failedConfigs(_ filter: FailedConfigFilter = FailedConfigFilter()) -> [FailedConfig] {
    writing.withLock { $0.failed.current(filter, at: clock.wallMicroseconds()) }
  }

  /// Forgets refused configs: all, or those that fit.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func clearFailedConfigs(_ filter: FailedConfigFilter = FailedConfigFilter()) -> Int {
    writing.withLock { $0.failed.clear(filter) }
  }

  func change(_ key: Key) -> ConfigChange {
    ConfigChange(service: key.service, requestType: key.requestType, version: key.version)
  }
}

extension FunctionConfig {
  var storeKey: ConfigStore.Key {
    ConfigStore.Key(
      service: service, requestType: requestType, version: FunctionVersion.effective(version))
  }

  /// An empty version means none; the sentinel "0.0.0" stays, for validation to refuse it.
  var normalised: FunctionConfig {
    guard version == "" else { return self }
    var copy = self
    copy.version = nil
    return copy
  }
}
