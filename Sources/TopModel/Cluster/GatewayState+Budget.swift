import GenAPITelemetry
import GenAPIValue

extension GatewayState {
  /// Leaves out the entries at the end of each list for which there is no memory: 70 MB for all lists together, of which
  /// series may take 32 (60 000 functions with a few kinds of latency, or 2 000 with all), however many a gateway sends
  /// and whatever it calls them.
  ///
  /// - Parameters:
  ///   - known: the state before, whose lists are within their budgets.
  ///   - room: what was found out about that state; brought up to this one.
  /// - Returns: how many.
  mutating func keepToBudget(beside known: GatewayState, _ room: inout BudgetRoom) -> Int64 {
    var kept = KeptSections(state: self, known: known, room: room)
    self = GatewayState()
    Self.visitSections(&kept)
    self = kept.state
    room = kept.room
    return kept.left
  }
}

/// How much more each long list may take, as it was when it was gone through last, so that ten thousand entries are not gone through
/// again for each hundred that are told.
struct BudgetRoom: Sendable {
  /// By section, in bytes: what was left, less what was told since.
  fileprivate var left: [ByteText: Int] = [:]
  /// How many lists were gone through.
  fileprivate(set) var looks = 0

  /// So much came, whatever of it took the place of something else.
  mutating func note(told bytes: Int) {
    if bytes > 0 { left = left.mapValues { $0 - bytes } }
  }
}

/// Keeps each list within its section's budget.
private struct KeptSections: SectionVisitor {
  /// More than any entry takes whose texts were cut: 200 members, each with three names.
  private static let mostOfEntry = 200_000

  var state: GatewayState
  let known: GatewayState
  var room: BudgetRoom
  /// Entries left out.
  var left: Int64 = 0

  init(state: GatewayState, known: GatewayState, room: BudgetRoom) {
    self.state = state
    self.known = known
    self.room = room
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries = state[keyPath: section.path]
    // Nearly always there are so few that they need not be looked at.
    guard entries.count * Self.mostOfEntry > section.budget, !entries.shares(known[keyPath: section.path]),
      room.left[section.name] ?? -1 < 0
    else { return }
    room.looks += 1
    room.left[section.name] = nil
    var bound = TextBound()
    for (index, var entry) in entries.enumerated() {
      bound.entry(&entry)
      guard bound.bytes > section.budget else { continue }
      left += Int64(entries.count - index)
      state[keyPath: section.path] = Array(entries[..<index])
      return
    }
    room.left[section.name] = section.budget - bound.bytes
  }
}

extension Array where Element: StateEntry {
  /// About what it takes in memory.
  var storedBytes: Int {
    var bound = TextBound()
    for var entry in self { bound.entry(&entry) }
    return bound.bytes
  }
}
