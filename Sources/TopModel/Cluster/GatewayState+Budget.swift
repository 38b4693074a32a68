import GenAPITelemetry

extension GatewayState {
  /// Leaves out the entries at the end of each list for which there is no memory: 70 MB for all lists together, of which
  /// series may take 32 (32 000 functions with a few kinds of latency, or 6 000 with all), however many a gateway sends
  /// and whatever it calls them.
  ///
  /// - Parameter known: the state before, whose lists are within their budgets.
  /// - Returns: how many.
  mutating func keepToBudget(beside known: GatewayState) -> Int64 {
    var kept = KeptSections(state: self, known: known)
    self = GatewayState()
    Self.visitSections(&kept)
    self = kept.state
    return kept.left
  }
}

/// Keeps each list within its section's budget.
private struct KeptSections: SectionVisitor {
  /// More than any entry takes whose texts were cut: 200 members, each with three names.
  private static let mostOfEntry = 200_000

  var state: GatewayState
  let known: GatewayState
  /// Entries left out.
  var left: Int64 = 0

  init(state: GatewayState, known: GatewayState) {
    self.state = state
    self.known = known
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries = state[keyPath: section.path]
    // Nearly always there are so few that they need not be looked at.
    guard entries.count * Self.mostOfEntry > section.budget, !entries.shares(known[keyPath: section.path])
    else { return }
    var bound = TextBound()
    for (index, var entry) in entries.enumerated() {
      bound.entry(&entry)
      guard bound.bytes > section.budget else { continue }
      left += Int64(entries.count - index)
      state[keyPath: section.path] = Array(entries[..<index])
      return
    }
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
