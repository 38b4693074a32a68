import GenAPITelemetry

/// The parts of a gateway's state that are shown as they were, rather than as rates.
///
/// Kept once for every second in which something in it changed. A list that did not change shares its memory
/// with the one before and costs 8 bytes. Which lists are in it their sections say (`ListSection.past`); the others
/// are empty here: functions are in the samples, relay groups in `RelayHistory`.
@dynamicMemberLookup
struct SlowState: Equatable, Sendable {
  private var lists = GatewayState()
  var openSockets = 0
  var residentBytes: Int64 = 0
  var limiter = LimiterState()
  var readiness = ReadinessState()
  var configuration = ConfigurationState()

  init(_ state: GatewayState, sharing last: SlowState?) {
    var remembered = RememberedSections(state: state, last: last?.lists)
    GatewayState.visitSections(&remembered)
    lists = remembered.lists
    openSockets = state.sockets.open
    residentBytes = state.process.residentBytes
    limiter = state.limiter
    readiness = state.readiness
    configuration = state.configuration
  }

  subscript<Entry: StateEntry>(dynamicMember path: KeyPath<GatewayState, [Entry]>) -> [Entry] {
    lists[keyPath: path]
  }

  /// About what it takes in memory beside another one with which it shares what did not change.
  func storedBytes(beside other: SlowState?) -> Int {
    var stored = StoredSections(lists: lists, other: other?.lists)
    GatewayState.visitSections(&stored)
    return MemoryLayout<SlowState>.stride + stored.bytes
  }
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
