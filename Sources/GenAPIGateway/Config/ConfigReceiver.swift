import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// Takes the functions that services push.
public final class ConfigReceiver: Sendable {
  /// Services that can push.
  public static let maxServices = 1_000

  struct Pushed: Sendable {
    var version: ByteText
    /// Microseconds since the Unix epoch.
    var at: Int64
    var config: PushConfig
  }

  /// What a state says of a push.
  struct Push: Sendable, Equatable {
    var version: ByteText
    /// Microseconds since the Unix epoch.
    var at: Int64
  }

  private let store: ConfigStore
  private let puller: ConfigPuller
  private let bus: TelemetryBus
  private let clock: any GatewayClock
  private let logger: Logger
  private let tokens: Mutex<[ByteText]>
  private let services = Mutex<[ByteText: Pushed]>([:])
  private let refusals = Mutex(Refusals())

  /// Refused pushes that were told in the minute that began then, on the monotonic clock.
  private struct Refusals {
    static let most = 20
    var sinceNs = Int64.min
    var told = 0
    var untold = 0
  }

  init(
    store: ConfigStore, puller: ConfigPuller, bus: TelemetryBus, clock: any GatewayClock, tokens: [ByteText],
    logger: Logger
  ) {
    self.store = store
    self.puller = puller
    self.bus = bus
    self.clock = clock
    self.tokens = Mutex(tokens)
    self.logger = logger
  }

  /// Stores a service's functions, in place of those it pushed before.
  ///
  /// - Parameter force: takes them even when this version is here already.
  /// - Throws: `PushError` with every fault; nothing was stored then.
  @discardableResult
  public func push(_ config: PushConfig, from node: ByteText? = nil, force: Bool = false) throws(PushError)
    -> PushResult
  {
    let faults = config.validate()
    guard faults.isEmpty else { throw .validationFailed(faults) }
    guard isToken(config.token) else { throw .invalidToken }
    return try take(config, from: node, force: force)
  }

  /// The same for one that needs no token.
  package func take(_ config: PushConfig, from node: ByteText?, force: Bool) throws(PushError) -> PushResult {
    let faults = config.validate()
    guard faults.isEmpty else { throw .validationFailed(faults) }
    let old = services.withLock { $0[config.service] }
    if let old, old.version == config.configVersion, !force {
      emit(config, count: 0, node, .skipped)
      puller.pushed(by: config.service)
      return .skipped
    }
    guard old != nil || services.withLock({ $0.count }) < Self.maxServices else {
      throw .tooManyServices(limit: Self.maxServices)
    }
    let origin = ConfigOrigin(.push, version: config.configVersion, node: node ?? config.nodes.first)
    let functions = config.functions.map(\.fromService)
    store.recordUnreadable(service: config.service, config.unreadable, origin: origin)
    let unreadable = config.unreadable.flatMap { item in
      item.faults.map { "fun_configs[\(item.index)]: \($0)" as ByteText }
    }
    guard !functions.isEmpty else { throw .allInvalid(unreadable.firstFaults()) }
    /// Looked for only where the store did not take all: it has looked at each, and of a large push that is most of the work.
    func refusals(stored: Int) -> [ByteText] {
      guard stored < functions.count else { return unreadable }
      return unreadable
        + functions.flatMap { function in
          function.named(function.validate() + store.policy.faults(of: function))
        } + store.own(among: functions).flatMap { $0.named([ConfigStore.isOwn]) }
    }
    let stored: Int
    do throws(ConfigStoreError) {
      stored = try store.replace(
        service: config.service, with: functions, unreadable: config.unreadable, origin: origin)
    } catch {
      if case .isClient = error { throw .isClient }
      if case .allInvalid = error { throw .allInvalid(refusals(stored: 0).firstFaults()) }
      throw .validationFailed([ByteText(error.description)])
    }
    let refused = refusals(stored: stored)
    if !refused.isEmpty {
      logger.warning(
        "a push was taken without some of its functions",
        metadata: [
          "service": "\(config.service)", "taken": .stringConvertible(stored),
          "faults": "\(refused.prefix(5).map { $0.cut(bytes: 200) }.joined(separator: "; "))",
          "count": .stringConvertible(refused.count),
        ])
    }
    UnknownNames.tell(config.unknown, of: config.service, to: logger)
    var kept = config
    kept.token = nil
    kept.unreadable = []
    services.withLock {
      $0[config.service] = Pushed(version: config.configVersion, at: clock.wallMicroseconds(), config: kept)
    }
    store.recordVersion(service: config.service, from: old?.version, to: config.configVersion, by: origin)
    emit(config, count: stored, node, .accepted)
    if let function = config.pullFunction {
      puller.add(
        PullSource(
          service: config.service, nodes: .list(config.nodes), function: function,
          versionFunction: config.versionFunction), version: config.configVersion)
    }
    puller.pushed(by: config.service)
    return .accepted(stored: stored, faults: refused)
  }

  /// Tells the operator of a push that was refused: few of a minute, and how many more there were.
  package func tellRefused(_ service: ByteText?, _ reason: ByteText) {
    let now = clock.monotonicNanoseconds()
    let untold = refusals.withLock { refusals -> Int? in
      if refusals.sinceNs == .min || now - refusals.sinceNs >= 60_000_000_000 {
        defer { refusals = Refusals(sinceNs: now, told: 1) }
        return refusals.untold
      }
      refusals.told += 1
      guard refusals.told <= Refusals.most else {
        refusals.untold += 1
        return nil
      }
      return 0
    }
    guard let untold else { return }
    var metadata: Logger.Metadata = [
      "service": "\((service ?? "unknown").cut(bytes: TextLimit.name))",
      "reason": "\(reason.cut(bytes: TextLimit.text))",
    ]
    if untold > 0 { metadata["untold"] = .stringConvertible(untold) }
    logger.warning("a push was refused", metadata: metadata)
  }

  /// Tells whether the gateway has this version of a service's configs.
  public func verify(service: ByteText, version: ByteText) -> VerifyResult {
    guard let stored = services.withLock({ $0[service]?.version }) else { return .notFound }
    return stored == version ? .matched : .mismatch(stored: stored)
  }

  /// What a service pushed last, without its token.
  public func pushedConfig(_ service: ByteText) -> PushConfig? { services.withLock { $0[service]?.config } }

  /// Forgets a service's push for another node, which needs the push token as a push does.
  ///
  /// - Throws: `PushError.invalidToken`.
  public func forget(_ service: ByteText, token: ByteText?) throws(PushError) {
    guard isToken(token) else { throw .invalidToken }
    forget(service)
  }

  /// Forgets a service's push and stops pulling it; its functions stay.
  public func forget(_ service: ByteText) {
    services.withLock { $0[service] = nil }
    puller.remove(service)
  }

  /// Service to config version.
  public var pushedVersions: [ByteText: ByteText] { services.withLock { $0.mapValues(\.version) } }

  var pushed: [ByteText: Pushed] { services.withLock { $0 } }

  var pushes: [ByteText: Push] {
    services.withLock { $0.mapValues { Push(version: $0.version, at: $0.at) } }
  }

  private func emit(_ config: PushConfig, count: Int, _ node: ByteText?, _ result: ConfigPush.Result) {
    bus.emit(
      .push(
        ConfigPush(
          service: config.service, version: config.configVersion, count: count,
          nodeFrom: node ?? config.nodes.first, result: result)))
  }

  /// From now on a push needs one of these; none is needed when there are none.
  ///
  /// - Throws: `ConfigFaults` for an empty one, which whoever gives none would have; nothing is replaced then.
  public func replaceTokens(_ tokens: [ByteText]) throws(ConfigFaults) {
    if tokens.contains("") { throw ConfigFaults(faults: ["a push token must not be empty"]) }
    self.tokens.withLock { $0 = tokens }
  }

  private func isToken(_ given: ByteText?) -> Bool {
    let tokens = tokens.withLock { $0 }
    // All are compared, so that the time does not tell which it was.
    return tokens.isEmpty || tokens.filter { constantTimeEqual(given ?? "", $0) }.isEmpty == false
  }
}
