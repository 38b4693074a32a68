import GenAPITelemetry
import GenAPIValue
import Locking
import ServiceLifecycle

/// An API gateway: takes requests, finds the function they name, checks who may call it and how often, calls
/// it here or on another node, and answers.
///
/// ```swift
/// let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
/// gateway.functions.register("MyApp.Api.get_user") { call in .ok(["id": call.arguments[0]]) }
/// try gateway.configs.add(
///   FunctionConfig(
///     service: "user_service", requestType: "get_user",
///     function: FunctionReference("MyApp.Api", "get_user"), arguments: ["user_id": ArgumentSpec(.string)]))
/// let response = await gateway.execute(
///   Request(service: "user_service", requestType: "get_user", requestID: "1", args: ["user_id": "u_1"]))
/// ```
public final class Gateway: Service, StateSource, VersionedStateSource {
  /// What the gateway was made with.
  public let configuration: GatewayConfiguration
  /// Where every part of the gateway emits its events.
  public let bus: TelemetryBus
  public var eventBus: TelemetryBus? { bus }
  /// The clock that all its times come from.
  public let clock: any GatewayClock
  /// The Swift functions, hooks and callbacks that configs can name.
  public let functions: FunctionRegistry
  /// The functions' configs.
  public let configs: ConfigStore
  /// The rate limits.
  public let rateLimiter: RateLimiter
  /// The workers of asynchronous functions.
  public let asyncPool: WorkerPool
  /// The workers of functions that stream.
  public let streamPool: WorkerPool
  /// The relay groups.
  public let relay: Relay
  /// What pulls configs from services.
  public let puller: ConfigPuller
  /// What takes configs that services push.
  public let receiver: ConfigReceiver
  let remote: any RemoteCaller
  let statistics: GatewayStatistics
  let nodeStatistics: NodeStatistics
  let connections = ConnectionTable()
  let caller: FunctionCaller
  let offload: Offload
  let hooks: HookRunner
  let permission: PermissionCheck
  let converter: ArgumentConverter
  let startedNs: Int64
  private let nodeWatch: NodeWatch
  /// Lists of nodes besides those of functions and services.
  private let nodeLists = Mutex<[@Sendable () -> [ByteText]]>([])
  private let errorDetail: Atomic<Bool>
  /// Of the parts that the gateway itself does not know, in the order in which they came.
  let checkTellers = Mutex<[(part: String, teller: @Sendable () -> [HealthCheck])]>([])
  /// What configs name and nothing is registered for, as it was looked for last, with what it was looked for in.
  let unresolvedKept = Mutex<UnresolvedNames?>(nil)
  /// What a state said of the services last.
  private let servicesKept = Mutex<ServiceStates?>(nil)
  /// What listens says of whether clients should be sent here; the last that began to.
  private let serverTeller = Mutex<(@Sendable (inout GatewayState) -> Void)?>(nil)
  private let readinessTeller = Mutex<(@Sendable () -> ReadinessState?)?>(nil)
  /// Set at the end of `run`.
  let hasEnded = Atomic<Bool>(false)
  /// Set at the beginning of `run`.
  private let hasBegun = Atomic<Bool>(false)
  package var isBegun: Bool { hasBegun.load(ordering: .relaxed) }

  /// - Throws: `ConfigFaults`, `RateLimitError` or `WorkerPoolError` naming the setting that is out of range.
  public init(
    configuration: GatewayConfiguration, remote: any RemoteCaller = NoCluster(),
    clock: any GatewayClock = SystemTime(), bus: TelemetryBus? = nil
  ) throws {
    let bus = bus ?? TelemetryBus(node: configuration.node.string, time: clock, logger: configuration.logger)
    // The state shows how often each event was emitted.
    bus.countUnheard()
    let functions = FunctionRegistry()
    let statistics = GatewayStatistics(topUsers: configuration.topUsers)
    let nodeStatistics = NodeStatistics(
      isAlone: remote is NoCluster, startedAt: clock.wallMicroseconds())
    try configuration.validate()
    try configuration.rateLimiter.validate()
    self.configuration = configuration
    self.bus = bus
    self.clock = clock
    self.functions = functions
    let remote = TimedCaller.keepingTime(of: remote, on: clock)
    self.remote = remote
    self.statistics = statistics
    self.nodeStatistics = nodeStatistics
    startedNs = clock.monotonicNanoseconds()
    errorDetail = Atomic(configuration.showsErrorDetail)
    let policy = ModulePolicy(
      allowed: configuration.allowedFunctions, requiresPermission: configuration.requiresPermission)
    let rateLimiter = try RateLimiter(
      configuration: configuration.rateLimiter, bus: bus, clock: clock, logger: configuration.logger)
    self.rateLimiter = rateLimiter
    configs = ConfigStore(
      bus: bus, clock: clock, statistics: statistics, policy: policy, registry: functions,
      limiter: rateLimiter, logger: configuration.logger,
      maxFunctions: configuration.isClient ? 0 : configuration.maxFunctions
    )
    asyncPool = try WorkerPool(
      name: "async_pool", configuration: configuration.asyncPool, bus: bus, clock: clock,
      logger: configuration.logger)
    streamPool = try WorkerPool(
      name: "stream_pool", configuration: configuration.streamPool, bus: bus, clock: clock,
      logger: configuration.logger)
    offload = try Offload(configuration.offload)
    relay = Relay(bus: bus, clock: clock, limits: configuration.relay)
    let whereabouts = ServiceWhereabouts()
    let lists = NodeLists(
      registry: functions, remote: remote, clock: clock, logger: configuration.logger,
      nodesOf: { whereabouts.nodes(of: $0) })
    puller = ConfigPuller(
      configuration: configuration.pull, store: configs, remote: remote, lists: lists, bus: bus,
      clock: clock, policy: policy, logger: configuration.logger)
    receiver = ConfigReceiver(
      store: configs, puller: puller, bus: bus, clock: clock, tokens: configuration.pushTokens,
      logger: configuration.logger)
    let errors = ThrownErrorLog(logger: configuration.logger, clock: clock)
    caller = FunctionCaller(
      bus: bus, clock: clock, registry: functions, remote: remote, nodes: nodeStatistics, offload: offload,
      lists: lists,
      selector: NodeSelector(
        sticky: StickyNodes(), clock: clock, compatibility: configuration.nodeChoice), errors: errors)
    hooks = HookRunner(
      bus: bus, clock: clock, registry: functions, statistics: statistics, remote: remote, caller: caller)
    permission = PermissionCheck(registry: functions, clock: clock, remote: remote, errors: errors)
    converter = ArgumentConverter(limits: configuration.argumentLimits)
    whereabouts.look(in: configs, puller, receiver, nodeStatistics)
    RelayFunctions.register(on: functions, relay: relay)
    let watch = NodeWatch(statistics: nodeStatistics, bus: bus, puller: puller, clock: clock)
    nodeWatch = watch
    remote.watch { [weak watch] in watch?.changed($0) }
    WorkThreads.functions.onStall(self) { [weak self] in self?.tellStall($0) }
  }

  deinit { WorkThreads.functions.forget(self) }

  /// Pulls configs and sweeps the rate limiter until cancelled or told to shut down; then running work is
  /// cancelled, and its callers are told that it may have been done. What comes after that is refused: "Service temporarily unavailable".
  public func run() async throws {
    hasEnded.store(false, ordering: .relaxed)
    hasBegun.store(true, ordering: .relaxed)
    defer { hasEnded.store(true, ordering: .relaxed) }
    guard !configuration.isClient else {
      try? await gracefulShutdown()
      return
    }
    tellIdleLimits()
    await cancelWhenGracefulShutdown { [self] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await self.puller.run() }
        group.addTask { await self.rateLimiter.run() }
        group.addTask { await self.forgetWhatIsGone() }
        await group.waitForAll()
      }
    }
    // Before what runs is cancelled, so that nothing begins behind it.
    hasEnded.store(true, ordering: .relaxed)
    tellCutOff()
    asyncPool.cancelAll()
    streamPool.cancelAll()
    caller.errors.endWindow()
  }

  /// What runs and waits when the gateway ends; a server that ends before it has let that end.
  private func tellCutOff() {
    let pools = [asyncPool.poolState(), streamPool.poolState()]
    let (running, waiting) = (pools.map(\.busy).reduce(0, +), pools.map(\.queued).reduce(0, +))
    guard running + waiting > 0 else { return }
    configuration.logger.warning(
      "asynchronous calls and streams are cut off as the gateway ends; their clients are told that they may have been done",
      metadata: ["running": "\(running)", "waiting": "\(waiting)"])
  }

  /// Limits of functions that are not there hold for nothing. In a cluster the functions may come yet.
  private func tellIdleLimits() {
    guard !remote.reachesNodes else { return }
    for limit in rateLimiter.limits {
      guard case .api(let service, let requestType) = limit.scope,
        configs.stored(service, requestType, nil) == nil
      else { continue }
      configuration.logger.notice(
        "a rate limit is for a function that is not there",
        metadata: ["limit": "\(limit.id.cut(bytes: TextLimit.text).shown)"])
    }
  }

  /// Looks every minute for functions and nodes that have been gone for long.
  private func forgetWhatIsGone() async {
    while (try? await clock.sleep(milliseconds: 60_000)) != nil {
      forgetGone()
      forgetGoneNodes()
      caller.errors.endWindow()
    }
  }

  /// Keeps the nodes of a list known while they are down, as those are that functions and services to pull name.
  public func keepNodes(in list: @escaping @Sendable () -> [ByteText]) {
    nodeLists.withLock { $0.append(list) }
  }

  /// Nodes that are not connected, and that nothing named or called for 10 minutes, are in no state any more.
  func forgetGoneNodes() {
    var named = Set(configs.overview.servicesOfNode.keys).union(puller.namedNodes)
    for list in nodeLists.withLock({ $0 }) { named.formUnion(list()) }
    nodeStatistics.forget(except: named, at: clock.wallMicroseconds())
  }

  /// Counters of functions that are gone for an hour become part of those of all that are gone.
  func forgetGone() { configs.forgetGone() }

  /// Whether clients read the cause behind "Internal Server Error"; can be changed while requests run.
  public var showsErrorDetail: Bool {
    get { errorDetail.load(ordering: .relaxed) }
    set { errorDetail.store(newValue, ordering: .relaxed) }
  }

  /// Everything the gateway knows of itself now.
  public func currentState() -> GatewayState { currentStateWithVersions().state }

  package func currentStateWithVersions() -> (state: GatewayState, series: EntryVersions) {
    var state = GatewayState()
    let series = statistics.fill(&state)
    (state.totals.eventsEmitted, state.totals.eventsDropped) = bus.progress
    state.totals.events = bus.counts
    state.topUsers = statistics.topUsers(at: clock.wallMicroseconds())
    state.limits = rateLimiter.limitStates()
    state.hotKeys = rateLimiter.hotKeys(limit: 20)
    state.limiter = LimiterState(
      trackedKeys: rateLimiter.trackedKeys, maxTrackedKeys: rateLimiter.configuration.maxTrackedKeys,
      evictedKeys: rateLimiter.evictedKeys)
    state.pools = [asyncPool.poolState(), streamPool.poolState()]
    if let pool = offload.poolState { state.pools.append(pool) }
    state.breakers = asyncPool.breakerStates() + streamPool.breakerStates()
    let functions = configs.overview
    state.functions = functions.states
    state.services = serviceStates(functions)
    state.configChanges = configs.changes
    state.failedConfigs = configs.failedConfigs().map(\.state)
    state.relay = relay.groupStates()
    state.sockets = connections.socketsState
    state.nodes = nodeStatistics.states(functions.servicesOfNode)
    state.process = ProcessReading.state(uptimeMs: (clock.monotonicNanoseconds() - startedNs) / 1_000_000)
    state.readiness = readiness
    state.readiness.degraded = degradedBeside()
    if let tell = serverTeller.withLock({ $0 }) { tell(&state) }
    return (state, series)
  }

  /// Lets what listens for clients say in the state how ready it is; nil leaves it to the gateway.
  package func tellReadiness(_ teller: @escaping @Sendable () -> ReadinessState?) {
    readinessTeller.withLock { $0 = teller }
  }

  /// Lets the server around the gateway say in the state what it alone knows: its configuration, certificates and listeners.
  package func tellServer(_ teller: @escaping @Sendable (inout GatewayState) -> Void) {
    serverTeller.withLock { $0 = teller }
  }

  private var readiness: ReadinessState {
    readinessTeller.withLock { $0 }?() ?? ReadinessState(fault: readinessFault().map { ByteText($0) })
  }

  /// The same memory again where nothing changed.
  private func serviceStates(_ functions: FunctionOverview) -> [ServiceState] {
    let made = ServiceStates.Sources(
      functions: functions, pushed: receiver.pushes, pulled: puller.states, unresolved: unresolvedByService())
    return servicesKept.withLock { kept in
      if let kept, kept.sources.isAs(made) { return kept.states }
      let states = ServiceStates(made)
      kept = states
      return states.states
    }
  }
}
