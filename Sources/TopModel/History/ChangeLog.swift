/// Which places of a list were changed last: whoever made something of the list goes on from there, instead of from its beginning.
struct ChangeLog: Sendable {
  /// As many steps as are kept; whoever looks more rarely begins anew.
  static let most = 16

  /// Another one whenever something in the list is another.
  private(set) var stamp = Stamp()
  private var steps: [(before: Stamp, places: [Int32])] = []

  /// These places were changed.
  mutating func note(_ places: [Int32]) {
    guard !places.isEmpty else { return }
    if steps.count >= Self.most { steps.removeFirst() }
    steps.append((stamp, places))
    stamp = Stamp()
  }

  /// Any place may have been changed.
  mutating func reset() {
    steps = []
    stamp = Stamp()
  }

  /// Shows the places that were changed since the list had a stamp, some of them several times.
  ///
  /// - Returns: false where that is not known.
  func forEach(since known: Stamp, _ body: (Int32) -> Void) -> Bool {
    if known == stamp { return true }
    guard let first = steps.lastIndex(where: { $0.before == known }) else { return false }
    for index in first..<steps.count { for place in steps[index].places { body(place) } }
    return true
  }
}
