import GenAPITelemetry

/// The parts of a gateway's state that are shown as they were, rather than as rates.
///
/// Kept once for every second in which something in it changed. A list that did not change shares its memory
/// with the one before and costs 8 bytes. Which lists are in it their sections say (`ListSection.past`); the others
/// are empty here: functions are in the samples, relay groups in `RelayHistory`.
@dynamicMemberLookup
struct SlowState: Equatable, Sendable {
  private struct Kept: Equatable {
    var lists = GatewayState()
    var openSockets = 0
    var residentBytes: Int64 = 0
    var limiter = LimiterState()
    var readiness = ReadinessState()
    var configuration = ConfigurationState()
  }

  @HeldApart private var kept = Kept()

  var openSockets: Int { kept.openSockets }
  var residentBytes: Int64 { kept.residentBytes }
  var limiter: LimiterState { kept.limiter }
  var readiness: ReadinessState { kept.readiness }
  var configuration: ConfigurationState { kept.configuration }
  /// Not by their key paths, as they are looked at for every gateway in each second.
  var breakers: [BreakerState] { kept.lists.breakers }
  var pools: [PoolState] { kept.lists.pools }
  var nodes: [ServiceNodeState] { kept.lists.nodes }
  var services: [ServiceState] { kept.lists.services }
  var functions: [FunctionState] { kept.lists.functions }
  var configChanges: [ConfigChangeState] { kept.lists.configChanges }
  var failedConfigs: [FailedConfigState] { kept.lists.failedConfigs }
  var limits: [LimitState] { kept.lists.limits }
  var hotKeys: [HotKeyState] { kept.lists.hotKeys }
  var certificates: [CertificateState] { kept.lists.certificates }

  init(_ state: GatewayState, sharing last: SlowState?) {
    var remembered = RememberedSections(state: state, last: last?.kept.lists)
    GatewayState.visitSections(&remembered)
    kept = Kept(
      lists: remembered.lists, openSockets: state.sockets.open, residentBytes: state.process.residentBytes,
      limiter: state.limiter, readiness: state.readiness, configuration: state.configuration)
  }

  /// The same but for the process.
  func with(_ process: ProcessState) -> SlowState {
    guard process.residentBytes != residentBytes else { return self }
    var other = self
    other.kept.residentBytes = process.residentBytes
    return other
  }

  subscript<Entry: StateEntry>(dynamicMember path: KeyPath<GatewayState, [Entry]>) -> [Entry] {
    kept.lists[keyPath: path]
  }

  /// About what it takes in memory beside another one with which it shares what did not change.
  func storedBytes(beside other: SlowState?) -> Int {
    var stored = StoredSections(lists: kept.lists, other: other?.kept.lists)
    GatewayState.visitSections(&stored)
    return Self.ownBytes + stored.bytes
  }

  /// What it takes beside its lists.
  static let ownBytes = MemoryLayout<Kept>.stride
}

/// Takes the lists that are kept, and of those that did not change the ones that are kept already.
private struct RememberedSections: SectionVisitor {
  let state: GatewayState
  let last: GatewayState?
  var lists = GatewayState()

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries: [Entry]
    switch section.past {
    case .forgotten: return
    case .kept: entries = state[keyPath: section.path]
    case .keptAs(let kept): entries = state[keyPath: section.path].map(kept)
    }
    guard let before = last?[keyPath: section.path], before == entries else {
      lists[keyPath: section.path] = entries
      return
    }
    lists[keyPath: section.path] = before
  }
}

private struct StoredSections: SectionVisitor {
  let lists: GatewayState
  let other: GatewayState?
  var bytes = 0

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries = lists[keyPath: section.path]
    if let other, entries.shares(other[keyPath: section.path]) { return }
    bytes += entries.storedBytes
  }
}
