import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// The functions a gateway can call, by service, request type and version.
///
/// Readers read the current table, of which each thread has a copy; writers change another copy of it, which shares
/// what did not change, and swap. So a look-up never waits for a writer, sees all of a batch or none of it, and one more
/// function costs the same however many there are.
public final class ConfigStore: Sendable {
  struct Key: Hashable, Comparable, Sendable {
    var service: ByteText
    var requestType: ByteText
    var version: ByteText?

    /// By service, request type and version; without a version comes first.
    static func < (one: Key, other: Key) -> Bool {
      if one.service != other.service { return one.service < other.service }
      if one.requestType != other.requestType { return one.requestType < other.requestType }
      guard let version = other.version else { return false }
      return one.version.map { $0 < version } ?? true
    }
  }

  struct Name: Hashable, Sendable {
    var service: ByteText
    var requestType: ByteText

    func hash(into hasher: inout Hasher) { hasher.combine(_rawHashValue(seed: 0)) }

    /// Each request asks for it: without a `Hasher` in between it costs half.
    func _rawHashValue(seed: Int) -> Int {
      requestType._rawHashValue(seed: service._rawHashValue(seed: seed))
    }
  }

  struct Writing {
    /// What an operator switched on or off; survives pulls and pushes.
    var overrides: [Key: Bool] = [:]
    /// What services list of functions that the gateway has of its own: each takes its place when the own one goes.
    /// Never more than there are own functions.
    var shadowed: [Key: (config: FunctionConfig, origin: ConfigOrigin)] = [:]
    /// The gateway's own that were deleted by hand, and not stored again since.
    var deleted: [Key: FunctionConfig] = [:]
    var changes = ConfigChangeLog()
    var failed: FailedConfigLog
    var paces = CallPaces()
    /// What is registered for endpoints, whose names nobody else has.
    var endpoints: [Key: EndpointNames] = [:]
    /// The keys that a service's set of endpoints put here.
    var sets: [ByteText: Set<Key>] = [:]
  }

  /// Under which names the closures of an endpoint are registered: its function's first.
  struct EndpointNames {
    var all: [ByteText]

    init(_ config: FunctionConfig) {
      all = [config.function, config.beforeExecute, config.afterExecute, config.permissionCallback]
        .compactMap { $0?.name }
        .filter { $0 == config.function.name || $0.hasPrefix(config.function.name + "#") }
    }
  }

  /// Versions of functions that it may hold.
  public let maxFunctions: Int
  let bus: TelemetryBus
  let clock: any GatewayClock
  let statistics: GatewayStatistics
  let policy: ModulePolicy
  let registry: FunctionRegistry
  /// Counts the limits that endpoints declare.
  let limiter: RateLimiter
  let logger: Logger
  private let published = PublishedTable()
  /// Of the revision that was asked for last.
  private let made = Mutex<(revision: UInt64, overview: FunctionOverview)?>(nil)
  /// Held by one writer at a time; never taken by a reader.
  let writing: Mutex<Writing>

  init(
    bus: TelemetryBus, clock: any GatewayClock, statistics: GatewayStatistics, policy: ModulePolicy,
    registry: FunctionRegistry, limiter: RateLimiter, logger: Logger, maxFunctions: Int = 50_000
  ) {
    self.bus = bus
    self.clock = clock
    self.statistics = statistics
    self.policy = policy
    self.registry = registry
    self.limiter = limiter
    self.logger = logger
    self.maxFunctions = maxFunctions
    writing = Mutex(Writing(failed: FailedConfigLog()))
  }

  var table: ConfigTable { published.current.table }

  func publish(_ table: ConfigTable) { published.publish(table) }

  /// What states say of all functions, made anew when one was published since.
  var overview: FunctionOverview {
    let current = published.current
    return made.withLock { made in
      if let made, made.revision == current.revision { return made.overview }
      let overview = FunctionOverview(current.table)
      made = (current.revision, overview)
      return overview
    }
  }

  // MARK: Looking up

  enum Lookup {
    case found(StoredFunction)
    case disabled
    case missing
  }

  /// With a version exactly that one, else the highest that is enabled, or the unversioned one when no
  /// versioned one is enabled.
  func lookup(service: ByteText, requestType: ByteText, version: ByteText?) -> Lookup {
    guard let version = FunctionVersion.effective(version) else {
      let name = Name(service: service, requestType: requestType)
      guard let versions = published.read({ $0.names[name] }) else { return .missing }
      return versions.best.map(Lookup.found) ?? .disabled
    }
    let key = Key(service: service, requestType: requestType, version: version)
    guard let function = published.read({ $0.functions[key] }) else { return .missing }
    return function.isEnabled ? .found(function) : .disabled
  }

  /// One version of a function; without a version the unversioned one.
  ///
  /// - Throws: `notFound`, or `disabled`.
  public func get(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(ConfigStoreError)
    -> FunctionConfig
  {
    let key = Key(service: service, requestType: requestType, version: FunctionVersion.effective(version))
    guard let function = table.functions[key] else {
      throw .notFound(missing(service, requestType, version: version))
    }
    guard function.isEnabled else { throw .disabled }
    return function.effective
  }

  /// What a request without a version gets.
  public func getFast(_ service: ByteText, _ requestType: ByteText) throws(ConfigStoreError) -> FunctionConfig
  {
    switch lookup(service: service, requestType: requestType, version: nil) {
    case .found(let function): return function.effective
    case .disabled: throw .disabled
    case .missing: throw .notFound(missing(service, requestType, version: nil))
    }
  }

  /// The highest enabled version, or the unversioned one when no versioned one is enabled: what a request without a version gets.
  ///
  /// - Throws: `notFound`, or `disabled` when all are.
  public func getLatest(_ service: ByteText, _ requestType: ByteText) throws(ConfigStoreError)
    -> FunctionConfig
  { try getFast(service, requestType) }

  /// The nodes that a service's functions came from.
  func origins(of service: ByteText) -> [ByteText] {
    table.functions.values.lazy.filter { $0.config.service == service }.compactMap(\.source.node)
  }

  /// How many versions of functions it holds.
  public var count: Int { table.functions.count }

  /// The names of the services, sorted.
  public var services: [ByteText] { Set(table.functions.keys.map(\.service)).sorted() }

  /// Service → request type → versions, highest first; nil is the unversioned one. Disabled ones included.
  public var allFunctions: [ByteText: [ByteText: [ByteText?]]] {
    var result: [ByteText: [ByteText: [ByteText?]]] = [:]
    for key in table.functions.keys {
      result[key.service, default: [:]][key.requestType, default: []].append(key.version)
    }
    return result.mapValues { types in
      types.mapValues { versions in
        versions.sorted { FunctionVersion($0 ?? "") > FunctionVersion($1 ?? "") }
      }
    }
  }

  /// One version, switched on or not; without a version the one a request would get were it switched on.
  func stored(_ service: ByteText, _ requestType: ByteText, _ version: ByteText?) -> StoredFunction? {
    let table = self.table
    if let version = FunctionVersion.effective(version) {
      return table.functions[Key(service: service, requestType: requestType, version: version)]
    }
    let versions = table.functions.values.filter {
      $0.config.service == service && $0.config.requestType == requestType
    }
    return versions.max { $1.outranks($0) }
  }

  /// This version and no other, switched on or not; without a version the unversioned one.
  package func config(_ service: ByteText, _ requestType: ByteText, version: ByteText?) -> FunctionConfig? {
    table.functions[Key(service: service, requestType: requestType, version: version)]?.effective
  }

  /// By service, request type and version.
  var allStored: [StoredFunction] { overview.stored }

  /// The configs of a service, by request type and version; of all services when nil is given. What an operator switched off is
  /// `disabled`, whatever its config said.
  public func configs(of service: ByteText? = nil) -> [FunctionConfig] {
    allStored.filter { service == nil || $0.config.service == service }.map(\.effective)
  }
}
