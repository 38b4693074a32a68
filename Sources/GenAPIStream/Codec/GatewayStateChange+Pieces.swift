import GenAPITelemetry

extension GatewayStateChange {
  /// Cuts a change into pieces that fit, to be applied one after the other. An entry that does not fit alone has its
  /// texts and lists cut: nothing vanishes.
  func pieces(fits: (GatewayStateChange) -> Bool) -> [GatewayStateChange] {
    if fits(self) { return [self] }
    guard let (first, second) = halves() else {
      var small = self
      var bound = TextBound.tight
      small.edit(&bound)
      return [small]
    }
    return first.pieces(fits: fits) + second.pieces(fits: fits)
  }

  /// Takes on what the next piece of the same change says.
  mutating func merge(_ piece: GatewayStateChange) {
    var merged = MergedSections(whole: self, piece: piece)
    GatewayState.visitSections(&merged)
    self = merged.whole
    guard let more = piece.removed else { return }
    removed = (removed ?? [:]).merging(more) { $0 + $1 }
  }

  /// Two changes that together do the same; nil when there is nothing to divide.
  private func halves() -> (GatewayStateChange, GatewayStateChange)? {
    var counted = CountedSections(change: self)
    GatewayState.visitSections(&counted)
    let count = counted.entries + (removed ?? [:]).values.reduce(0) { $0 + $1.count }
    guard count > 1 || (count == 1 && counted.hasObjects) else { return nil }
    var dealt = DealtSections(change: self, middle: count / 2)
    dealt.dealRemoved()
    GatewayState.visitSections(&dealt)
    return (dealt.first, dealt.second)
  }
}

private struct MergedSections: SectionVisitor {
  var whole: GatewayStateChange
  let piece: GatewayStateChange

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if let object = piece[section] { whole[section] = object }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) { whole[section] += piece[section] }
}

private struct CountedSections: SectionVisitor {
  let change: GatewayStateChange
  var entries = 0
  var hasObjects = false

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    hasObjects = hasObjects || change[section] != nil
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) { entries += change[section].count }
}

/// Entries are dealt out by their place over all lists, so that both halves get some; of a single one and the
/// objects each gets a half of its own.
private struct DealtSections: SectionVisitor {
  let change: GatewayStateChange
  let middle: Int
  var offset = 0
  var first = GatewayStateChange()
  var second = GatewayStateChange()

  init(change: GatewayStateChange, middle: Int) {
    self.change = change
    self.middle = middle
  }

  mutating func dealRemoved() {
    for (section, keys) in (change.removed ?? [:]).sorted(by: { $0.key < $1.key }) {
      let cut = cut(keys.count)
      if cut > 0 { first.removed = (first.removed ?? [:]).merging([section: Array(keys[..<cut])]) { $1 } }
      if cut < keys.count {
        second.removed = (second.removed ?? [:]).merging([section: Array(keys[cut...])]) { $1 }
      }
    }
  }

  mutating func object<Object>(_ section: ObjectSection<Object>) { first[section] = change[section] }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let entries = change[section]
    let cut = cut(entries.count)
    if cut > 0 { first[section] = Array(entries[..<cut]) }
    if cut < entries.count { second[section] = Array(entries[cut...]) }
  }

  /// How many of so many entries the first half gets.
  private mutating func cut(_ length: Int) -> Int {
    defer { offset += length }
    return min(max(0, middle - offset), length)
  }
}
