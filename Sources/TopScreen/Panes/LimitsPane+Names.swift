import GenAPITelemetry
import OutsideText
import TopModel

/// How limits are called in their lines.
extension LimitsPane {
  /// The names of the limits that are drawn, cut beside each other to the rooms that their numbers leave them, and these numbers.
  func limitNames(
    _ lines: ArraySlice<Line>, width: Int, _ context: PaneContext
  ) -> [ByteText: (name: [Span], right: [Span])] {
    let rows = lines.compactMap { if case .limit(let row) = $0 { row } else { nil } }
    let whole = rows.map { limitName($0, context) }
    let right = zip(rows, whole).map { numbers($0, beside: $1.displayWidth, width: width, context) }
    let rooms = right.map { width - 2 - min($0.displayWidth, max(0, width - 8)) - 1 }
    let short = zip(whole, rooms).map { shortened($0, to: $1, context) }
    // What is left out with the service may be all that tells two of them apart.
    let twice = Set(Dictionary(grouping: short.map(\.text), by: { $0 }).filter { $1.count > 1 }.keys)
    let known = rows.indices.map { index in
      let name = twice.contains(short[index].text) ? whole[index] : short[index]
      return shortGateways(rows[index], name, to: rooms[index], context)
    }
    let names = keepingKeys(known, of: rows, whole: whole, to: rooms, context)
      .cutInside(to: rooms, ellipsis: context.glyphs.ellipsis)
    return Dictionary(
      rows.indices.map { (rows[$0].id, (names[$0], right[$0])) }, uniquingKeysWith: { first, _ in first })
  }

  /// Which function and which key tell more than the service.
  private func shortened(_ name: [Span], to room: Int, _ context: PaneContext) -> [Span] {
    guard name.displayWidth > room, let slash = name[0].text.firstIndex(of: "/") else { return name }
    var name = name
    name[0].text = context.glyphs.ellipsis + name[0].text[slash...]
    // Beside what changed there may be room for the function only.
    if name.displayWidth > room, room < 16 { name.removeLast(name.count - 1) }
    return name
  }

  /// Of several limits of one function the key tells which it is: that is whole, and the function's name is cut before it.
  private func keepingKeys(
    _ names: [[Span]], of rows: [LimitRow], whole: [[Span]], to rooms: [Int], _ context: PaneContext
  ) -> [[Span]] {
    let ellipsis = context.glyphs.ellipsis
    func function(_ row: LimitRow) -> String {
      let scope = row.scope.shown
      return scope.firstIndex(of: "/").map { String(scope[scope.index(after: $0)...]) } ?? scope
    }
    let kept = rows.indices.map { index -> [Span] in
      var name = names[index]
      guard isOneOfSeveral(rows[index]) else { return name }
      if name.count < 2 { name.append(whole[index][1]) }
      guard name.displayWidth > rooms[index] else { return name }
      let room = max(1, rooms[index] - Array(name.dropFirst()).displayWidth)
      name[0].text = CutNames(rows.map(function), width: room, ellipsis: ellipsis)[function(rows[index])]
      return name
    }
    // Where so little is left that two look the same more of the function is worth more.
    let twice = Set(Dictionary(grouping: kept.map(\.text), by: { $0 }).filter { $1.count > 1 }.keys)
    return kept.indices.map { twice.contains(kept[$0].text) ? names[$0] : kept[$0] }
  }

  private func isOneOfSeveral(_ row: LimitRow) -> Bool {
    rows.contains { $0.scope == row.scope && $0.id != row.id }
  }

  /// Of whose limit it is as much as tells it from all others.
  private func shortGateways(_ row: LimitRow, _ name: [Span], to room: Int, _ context: PaneContext) -> [Span]
  {
    let excess = name.displayWidth - room
    guard excess > 0, name.count == 3, !row.gateways.isEmpty else { return name }
    let own = row.gateways.map(\.shown)
    let gaps = own.count - 1
    let least = (own.reduce(gaps) { $0 + DisplayWidth.of($1) } - excess - gaps) / own.count
    let cuts = CutNames(
      own, beside: context.gateways + rows.prefix(500).flatMap { $0.gateways.prefix(8).map(\.shown) },
      width: max(Self.leastGateway, least), ellipsis: context.glyphs.ellipsis)
    var name = name
    name[2].text = differs(own.map { cuts[$0] }, context)
    // Rather than its name the word before it.
    if name.displayWidth > room {
      name[2].text = " \(context.glyphs.differs) " + own.map { cuts[$0] }.joined(separator: " ")
    }
    return name
  }

  /// In less nobody can see which it is.
  private static let leastGateway = 4

  private func differs(_ gateways: [String], _ context: PaneContext) -> String {
    " \(context.glyphs.differs) on " + gateways.joined(separator: " ")
  }

  private func limitName(_ row: LimitRow, _ context: PaneContext) -> [Span] {
    var name = [
      Span(row.scope.shown, context.style(.title, stale: row.isStale)),
      Span(" " + row.key.shown, context.style(.accent, stale: row.isStale)),
    ]
    if row.differs, !row.isStale || context.staleSeconds != nil {
      name.append(
        Span(differs(row.gateways.map(\.shown), context), context.style(.warn, stale: row.isStale)))
    }
    return name
  }
}
