import GenAPITelemetry

extension GatewayStateChange {
  /// Cuts a change into pieces that fit, to be applied one after the other. An entry that does not fit alone has its
  /// texts and lists cut: nothing vanishes.
  func pieces(fits: (GatewayStateChange) -> Bool) -> [GatewayStateChange] {
    if fits(self) { return [self] }
    guard let (first, second) = halves() else {
      var small = self
      var bound = TextBound.tight
      small.cut(&bound)
      return [small]
    }
    return first.pieces(fits: fits) + second.pieces(fits: fits)
  }

  /// Two changes that together do the same; nil when there is nothing to divide.
  private func halves() -> (GatewayStateChange, GatewayStateChange)? {
    let hasObjects = totals != nil || sockets != nil || process != nil
    let count = entryCount
    guard count > 1 || (count == 1 && hasObjects) else { return nil }
    var first = GatewayStateChange()
    var second = GatewayStateChange()
    first.totals = totals
    first.sockets = sockets
    first.process = process
    // Entries are dealt out by their place over all lists, so that both halves get some; of a single one and the
    // objects each gets a half of its own.
    let middle = count / 2
    var place = 0
    func cut(_ length: Int) -> Int {
      defer { place += length }
      return min(max(0, middle - place), length)
    }
    func deal<Entry>(_ list: WritableKeyPath<GatewayStateChange, [Entry]?>) {
      guard let entries = self[keyPath: list] else { return }
      let cut = cut(entries.count)
      if cut > 0 { first[keyPath: list] = Array(entries[..<cut]) }
      if cut < entries.count { second[keyPath: list] = Array(entries[cut...]) }
    }
    for (section, keys) in (removed ?? [:]).sorted(by: { $0.key < $1.key }) {
      let cut = cut(keys.count)
      if cut > 0 { first.removed = (first.removed ?? [:]).merging([section: Array(keys[..<cut])]) { $1 } }
      if cut < keys.count {
        second.removed = (second.removed ?? [:]).merging([section: Array(keys[cut...])]) { $1 }
      }
    }
    deal(\.series)
    deal(\.limits)
    deal(\.hotKeys)
    deal(\.pools)
    deal(\.breakers)
    deal(\.functions)
    deal(\.services)
    deal(\.configChanges)
    deal(\.failedConfigs)
    deal(\.relay)
    deal(\.hooks)
    deal(\.nodes)
    deal(\.subscribers)
    return (first, second)
  }

  private var entryCount: Int {
    let counts: [Int?] = [
      series?.count, limits?.count, hotKeys?.count, pools?.count, breakers?.count, functions?.count,
      services?.count, configChanges?.count, failedConfigs?.count, relay?.count, hooks?.count, nodes?.count,
      subscribers?.count,
    ]
    let gone = (removed ?? [:]).values.reduce(0) { $0 + $1.count }
    return counts.reduce(gone) { $0 + ($1 ?? 0) }
  }
}
