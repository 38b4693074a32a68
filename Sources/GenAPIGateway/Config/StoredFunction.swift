import GenAPITelemetry
import GenAPIValue
import Locking

/// A function in the store, with what belongs to it as long as it is there.
final class StoredFunction: Sendable {
  let config: FunctionConfig
  let identity: FunctionIdentity
  let series: SeriesStatistics
  let source: ConfigOrigin
  /// Microseconds since the Unix epoch.
  let changedAt: Int64
  /// What counts: the operator's word where there is one, else the config's.
  let isEnabled: Bool
  /// Shared with the entry this one replaced, so that taking turns goes on.
  let turn: TurnCounter
  /// Shared by all entries that call the same function.
  let pace: CallPace
  /// Shared with the entry this one replaced: where its code runs, and is known by.
  let threads: FunctionThreads
  let arguments: ArgumentPlan
  /// `Module.function`
  let functionName: ByteText
  /// Whether all that belongs to a request, but for the function itself, is done without waiting for anything.
  let neverSuspends: Bool

  init(
    config: FunctionConfig, identity: FunctionIdentity, series: SeriesStatistics, source: ConfigOrigin,
    changedAt: Int64, isEnabled: Bool, turn: TurnCounter, pace: CallPace,
    threads: FunctionThreads
  ) {
    self.config = config
    self.identity = identity
    self.series = series
    self.source = source
    self.changedAt = changedAt
    self.isEnabled = isEnabled
    self.turn = turn
    self.pace = pace
    self.threads = threads
    arguments = ArgumentPlan(config)
    functionName = config.function.name
    neverSuspends =
      config.responseType == .sync && config.nodes == .local && config.retry == nil
      && config.permissionCallback == nil && config.beforeExecute == nil && config.afterExecute == nil
      && config.resultEncoder == nil
  }

  /// The same function with the config that a hook made of its own for one request. Where it calls another function nobody knows
  /// how long that one holds its thread.
  func with(_ config: FunctionConfig) -> StoredFunction {
    StoredFunction(
      config: config, identity: identity, series: series, source: source, changedAt: changedAt,
      isEnabled: isEnabled, turn: turn, pace: config.function == self.config.function ? pace : CallPace(),
      threads: threads)
  }

  /// The config as it counts: switched off or not, as the operator's word has it.
  var effective: FunctionConfig {
    guard config.disabled == isEnabled else { return config }
    var copy = config
    copy.disabled = !isEnabled
    return copy
  }

  func with(isEnabled: Bool, changedAt: Int64) -> StoredFunction {
    StoredFunction(
      config: config, identity: identity, series: series, source: source, changedAt: changedAt,
      isEnabled: isEnabled, turn: turn, pace: pace, threads: threads)
  }

  var state: FunctionState {
    FunctionState(
      service: config.service, requestType: config.requestType, version: identity.version,
      enabled: isEnabled, nodes: config.nodes.names, responseType: ByteText(config.responseType.rawValue),
      source: ByteText(source.kind.rawValue), configVersion: source.version, timeoutMs: config.timeoutMs,
      permission: config.permissionCallback.map { "callback \($0.name)" } ?? "\(config.permission)",
      retry: config.retry.map { "\($0)" }, chooseNode: ByteText(config.chooseNode.description),
      hooks: [
        config.beforeExecute.map { "before \($0.name)" }, config.afterExecute.map { "after \($0.name)" },
      ].compactMap { $0 }, changedAt: changedAt)
  }
}

/// Counts up for choosing nodes in turn.
final class TurnCounter: Sendable {
  private let value = Atomic<UInt64>(0)

  func next() -> UInt64 { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Where a function came from.
public struct ConfigOrigin: Sendable, Hashable {
  /// How a config comes to a gateway.
  public enum Kind: String, Sendable, Codable {
    /// A service pushed it.
    case push
    /// The gateway pulled it.
    case pull
    /// The gateway's own program or file added it.
    case local
  }

  /// How it came.
  public var kind: Kind
  /// The service's config version it came with.
  public var version: ByteText?
  /// The node it came from; nil for one of this gateway.
  public var node: ByteText?

  /// Makes an origin; `version` is that of all the service's configs.
  public init(_ kind: Kind, version: ByteText? = nil, node: ByteText? = nil) {
    self.kind = kind
    self.version = version
    self.node = node
  }

  /// The gateway's own.
  public static let local = ConfigOrigin(.local)

  /// What made a change, for people: `push from app1@10.0.0.7`, `the gateway's own program or file`.
  var words: ByteText {
    switch kind {
    case .push, .pull: node.map { "\(kind.rawValue) from \($0)" } ?? ByteText(kind.rawValue)
    case .local: "the gateway's own program or file"
    }
  }
}

extension NodeSource {
  /// For people: node names, `local`, or the function that lists them.
  var names: [ByteText] {
    switch self {
    case .local: ["local"]
    case .list(let names): names
    case .function(let reference): ["\(reference.name)()"]
    }
  }
}
