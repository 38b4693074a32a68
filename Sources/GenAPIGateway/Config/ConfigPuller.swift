import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// Fetches the functions of services from their nodes, each service at its own pace.
///
/// A service that fails is asked less and less often, without slowing the others, until there is a sign that it is back.
public final class ConfigPuller: Sendable {
  struct Source: Sendable {
    var config: PullSource
    var version: ByteText?
    var failures = 0
    var lastPullAt: Int64?
    var lastSuccessAt: Int64?
    var lastError: ByteText?
    /// On the monotonic clock, in nanoseconds.
    var nextNs: Int64
    /// As microseconds since the Unix epoch.
    var nextPullAt: Int64?
    var isPulling = false
    /// What was told of its configs' unknown fields.
    var unknown: [ByteText] = []
    /// What was told of its configs that are refused.
    var refused: [ByteText] = []

    mutating func pullNext(after wait: Duration, _ clock: any GatewayClock) {
      nextNs = clock.monotonicNanoseconds().saturatingAdd(wait.wholeNanoseconds)
      nextPullAt = clock.wallMicroseconds().saturatingAdd(wait.wholeNanoseconds / 1_000)
    }
  }

  /// Services that can be pulled.
  public static let maxServices = 1_000
  /// How long a gateway that starts waits for the first answers of all services, from when the first of them is asked,
  /// however many nodes are silent.
  public static let firstRound = Duration.seconds(15)

  let configuration: PullConfiguration
  let store: ConfigStore
  private let remote: any RemoteCaller
  private let lists: NodeLists
  private let bus: TelemetryBus
  private let clock: any GatewayClock
  let policy: ModulePolicy
  let logger: Logger
  let sources: Mutex<[ByteText: Source]>
  /// When the first round is over, on the monotonic clock; not known before `run`.
  private let firstRoundEndNs = Atomic<Int64>(.max)

  init(
    configuration: PullConfiguration, store: ConfigStore, remote: any RemoteCaller,
    lists: NodeLists, bus: TelemetryBus, clock: any GatewayClock, policy: ModulePolicy, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.remote = remote
    self.lists = lists
    self.bus = bus
    self.clock = clock
    self.policy = policy
    self.logger = logger
    let first = clock.monotonicNanoseconds().saturatingAdd(configuration.firstAfter.wholeNanoseconds)
    var sources: [ByteText: Source] = [:]
    for service in configuration.services {
      sources[service.service] = Source(config: service, nextNs: first)
    }
    self.sources = Mutex(sources)
  }

  /// Adds a service to pull, or replaces it; false for one that is not valid, and for more than `maxServices`.
  @discardableResult
  public func add(_ config: PullSource, version: ByteText? = nil) -> Bool {
    guard config.validate().isEmpty else { return false }
    let next = clock.monotonicNanoseconds().saturatingAdd(configuration.interval.wholeNanoseconds)
    return sources.withLock { sources in
      guard sources[config.service] != nil || sources.count < Self.maxServices else { return false }
      var source = sources[config.service] ?? Source(config: config, nextNs: next)
      source.config = config
      if let version { source.version = version }
      sources[config.service] = source
      return true
    }
  }

  /// A service pushed: one that could not be pulled is asked again soon, not when its back-off has run out.
  func pushed(by service: ByteText) { askSoon { $0.config.service == service } }

  /// The same for the services of a node that came up. Where a function names the nodes, it may be one of them.
  func nodeUp(_ node: ByteText) {
    askSoon {
      switch $0.config.nodes {
      case .local: false
      case .list(let names): names.contains(node)
      case .function: true
      }
    }
  }

  private func askSoon(_ isBack: (Source) -> Bool) {
    let soon = clock.monotonicNanoseconds().saturatingAdd(configuration.firstAfter.wholeNanoseconds)
    sources.withLock { sources in
      let back = sources.filter { $0.value.failures > 0 && $0.value.nextNs > soon && isBack($0.value) }.keys
      for service in back { sources[service]?.pullNext(after: configuration.firstAfter, clock) }
    }
  }

  /// Stops pulling a service; its functions stay.
  public func remove(_ service: ByteText) { sources.withLock { $0[service] = nil } }

  /// The config version last fetched.
  public func version(of service: ByteText) -> ByteText? { sources.withLock { $0[service]?.version } }

  /// What is pulled, by service.
  package var pulled: [PullSource] {
    sources.withLock { $0.values.map(\.config) }.sorted { $0.service < $1.service }
  }

  /// The nodes that services to pull are on by name.
  var namedNodes: Set<ByteText> {
    Set(
      sources.withLock { $0 }.values.flatMap {
        if case .list(let names) = $0.config.nodes { names } else { [] as [ByteText] }
      })
  }

  /// The nodes that a service to pull is on by name.
  func listedNodes(of service: ByteText) -> [ByteText] {
    guard case .list(let names) = sources.withLock({ $0[service]?.config.nodes }) else { return [] }
    return names
  }

  /// Services that clients wait for at the start: those that neither answered nor failed yet, until the first round is over.
  var unasked: [ByteText] {
    clock.monotonicNanoseconds() < firstRoundEndNs.load(ordering: .relaxed) ? unanswered : []
  }

  /// Services of the configuration that were not pulled once, in their order there.
  private var unanswered: [ByteText] {
    guard !configuration.services.isEmpty else { return [] }
    return sources.withLock { sources in
      configuration.services.map(\.service).filter { sources[$0].map { $0.lastPullAt == nil } ?? false }
    }
  }

  struct ServicePullState: Equatable {
    var service: ByteText
    var version: ByteText?
    var failures: Int
    var lastPullAt: Int64?
    var lastSuccessAt: Int64?
    var nextPullAt: Int64?
    var lastError: ByteText?
  }

  var states: [ServicePullState] {
    sources.withLock { $0 }.values.map {
      ServicePullState(
        service: $0.config.service, version: $0.version, failures: $0.failures, lastPullAt: $0.lastPullAt,
        lastSuccessAt: $0.lastSuccessAt, nextPullAt: $0.nextPullAt, lastError: $0.lastError)
    }
  }

  /// Pulls what is due, for ever. One timer for all: it looks every 250 ms at most.
  public func run() async {
    let wait = configuration.firstAfter + Self.firstRound
    let end = clock.monotonicNanoseconds().saturatingAdd(wait.wholeNanoseconds)
    firstRoundEndNs.store(end, ordering: .relaxed)
    var isFirstRound = true
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let now = clock.monotonicNanoseconds()
        if isFirstRound, now >= end {
          isFirstRound = false
          tellUnanswered()
        }
        for service in takeDue(at: now) { group.addTask { await self.pull(service) } }
        let next = sources.withLock { $0.values.filter { !$0.isPulling }.map(\.nextNs).min() }
        let wait = min(max((next ?? now + 250_000_000) - now, 10_000_000), 250_000_000)
        do { try await clock.sleep(nanoseconds: wait) } catch { break }
      }
      group.cancelAll()
    }
  }

  private func tellUnanswered() {
    let services = unanswered
    guard !services.isEmpty else { return }
    logger.warning(
      "services did not answer yet when they were asked for their functions; the gateway is ready without them",
      metadata: [
        "services": "\(services.prefix(10).joined(separator: ", "))",
        "count": .stringConvertible(services.count),
      ])
  }

  private func takeDue(at now: Int64) -> [ByteText] {
    sources.withLock { sources in
      let due = sources.filter { !$0.value.isPulling && $0.value.nextNs <= now }.map(\.key)
      for service in due { sources[service]?.isPulling = true }
      return due
    }
  }

  /// Pulls a service now, whenever its turn would be; on threads of its own, as what comes may be as large as a message.
  ///
  /// - Parameter force: fetches even when the version is the one already here.
  public func pull(_ service: ByteText, force: Bool = false) async {
    await withTaskExecutorPreference(WorkThreads.configs) { await pullHere(service, force: force) }
  }

  private func pullHere(_ service: ByteText, force: Bool) async {
    guard let source = sources.withLock({ $0[service] }) else { return }
    bus.emit(.pullStart(service: service, systemTime: clock.wallMicroseconds() * 1_000))
    let start = clock.monotonicMicroseconds()
    var tried: [ByteText] = []
    do {
      let nodes = try await nodes(of: source.config)
      let pulled = try await fetch(source, nodes, force: force, tried: &tried)
      let duration = clock.monotonicMicroseconds() - start
      settle(service, source, version: pulled.version, error: nil)
      bus.emit(
        .pullStop(
          PullStop(
            service: service, durationUs: duration, count: pulled.count, version: pulled.version,
            skipped: pulled.skipped)))
    } catch {
      let duration = clock.monotonicMicroseconds() - start
      let reason = ByteText("\(error)").cut(bytes: TextLimit.text)
      settle(service, source, version: source.version, error: reason)
      let kind = if let failure = error as? PullFailure, failure.isTimeout { "timeout" } else { "error" }
      bus.emit(
        .pullException(
          PullException(
            service: service, durationUs: duration,
            failure: Failure(kind: ByteText(kind), reason: reason),
            nodes: tried)))
      logger.warning("a pull failed", metadata: ["service": "\(service)", "error": "\(reason)"])
    }
  }

  private func settle(_ service: ByteText, _ before: Source, version: ByteText?, error: ByteText?) {
    let now = clock.wallMicroseconds()
    sources.withLock { sources in
      guard var source = sources[service] else { return }
      source.isPulling = false
      source.lastPullAt = now
      source.lastError = error
      if error == nil {
        source.failures = 0
        source.lastSuccessAt = now
        source.version = version
      } else {
        source.failures += 1
      }
      let factor = 1 << min(source.failures, 30)
      let wait =
        source.failures == 0
        ? configuration.interval : min(configuration.interval * factor, configuration.maxBackoff)
      source.pullNext(after: wait, clock)
      sources[service] = source
    }
    if error == nil {
      store.recordVersion(service: service, from: before.version, to: version, by: ConfigOrigin(.pull))
    }
  }

  private func nodes(of config: PullSource) async throws -> [ByteText] {
    switch config.nodes {
    case .local: return []
    case .list(let names): return names
    case .function(let reference):
      do {
        return try await lists.names(
          reference, of: config.service, timeoutMs: configuration.timeout.wholeMilliseconds)
      } catch {
        throw PullFailure(error.reason)
      }
    }
  }

  private func fetch(_ source: Source, _ nodes: [ByteText], force: Bool, tried: inout [ByteText]) async throws
    -> (count: Int, version: ByteText?, skipped: Bool)
  {
    for reference in [source.config.function] + (source.config.versionFunction.map { [$0] } ?? []) {
      if let fault = policy.fault(reference) { throw PullFailure(fault) }
    }
    var last = PullFailure(nodes.isEmpty ? "the service has no nodes" : "no node answered")
    for node in nodes {
      tried.append(node)
      do {
        var version: ByteText?
        if let reference = source.config.versionFunction {
          version = try await ask(reference, node).string
          if let version, let fault = ConfigBounds.fault(ofName: version, "the version") {
            throw PullFailure(fault)
          }
          if let version, version == source.version, !force { return (0, version, true) }
        }
        let answer = try await ask(source.config.function, node)
        return (try take(answer, source, version, node), version, false)
      } catch let failure as PullFailure {
        last = PullFailure(NodeReason.text(node, ByteText("\(failure)")), isTimeout: failure.isTimeout)
      }
    }
    throw last
  }

  private func ask(_ reference: FunctionReference, _ node: ByteText) async throws -> Value {
    do {
      var call = FunctionCall(arguments: reference.arguments)
      call.asksForConfigs = true
      switch try await remote.call(reference, call, on: node, timeout: configuration.timeout) {
      case .ok(let value): return value
      case .error(let error): throw PullFailure("\(reference.name) answered an error: \(error)")
      }
    } catch let error as RemoteCallError {
      if case .timeout = error { throw PullFailure("\(error)", isTimeout: true) }
      throw PullFailure("\(error)")
    }
  }
}

/// Why a pull failed.
struct PullFailure: Error, CustomStringConvertible {
  var description: String
  var isTimeout: Bool

  init(_ description: ByteText, isTimeout: Bool = false) {
    self.description = description.string
    self.isTimeout = isTimeout
  }
}

extension FunctionConfig {
  /// Services write "0.0.0" where they mean no version.
  var fromService: FunctionConfig {
    var copy = self
    copy.version = FunctionVersion.effective(version)
    return copy
  }
}
