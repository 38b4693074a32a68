import GenAPITelemetry

extension GatewayStateChange {
  /// Cuts a change into pieces that fit, to be applied one after the other. An entry that does not fit alone is
  /// left out.
  func pieces(fits: (GatewayStateChange) -> Bool) -> [GatewayStateChange] {
    if fits(self) { return [self] }
    guard let (first, second) = halves() else { return [] }
    return first.pieces(fits: fits) + second.pieces(fits: fits)
  }

  /// Two changes that together do the same; nil when there is nothing to divide.
  private func halves() -> (GatewayStateChange, GatewayStateChange)? {
    let lists = entryCount
    var first = GatewayStateChange()
    var second = GatewayStateChange()
    if lists == 0 { return nil }
    if lists == 1 {
      guard totals != nil || sockets != nil || process != nil || removed != nil else { return nil }
      second = self
      second.totals = nil
      second.sockets = nil
      second.process = nil
      second.removed = nil
    }
    first.totals = totals
    first.sockets = sockets
    first.process = process
    first.removed = removed
    if lists == 1 { return (first, second) }
    // Entries are dealt out by their place over all lists, so that both halves get some.
    var place = 0
    func deal<Entry>(_ list: WritableKeyPath<GatewayStateChange, [Entry]?>) {
      guard let entries = self[keyPath: list] else { return }
      let cut = min(max(0, lists / 2 - place), entries.count)
      place += entries.count
      if cut > 0 { first[keyPath: list] = Array(entries[..<cut]) }
      if cut < entries.count { second[keyPath: list] = Array(entries[cut...]) }
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
    return counts.reduce(0) { $0 + ($1 ?? 0) }
  }
}
