import GenAPITelemetry
import OutsideText
import TopModel

extension CircuitsPane {
  /// Of the names, of how many are busy, at the right where there is room, and of what is between.
  private static func workerWidths(_ width: Int, change: Int = 0) -> (name: Int, tail: Int, cells: Int) {
    let name = min(18, max(10, width / 3))
    let tail = max(width >= 44 ? 12 : 0, change)
    return (name, tail, max(1, width - name - 3 - tail))
  }

  /// The columns at the right for what changed; 0 while nothing is compared.
  private func changeWidth(_ ids: RowIDs, width: Int, _ context: PaneContext) -> Int {
    let changes = ids.compactMap { context.changes?[$0] }
    let most = changes.reduce(0) { max($0, $1.width) }
    return most == 0 ? 0 : min(most, max(width / 3, changes.reduce(0) { max($0, $1.leastWidth) }), 40) + 1
  }

  func workerLines(width: Int, change: Int = 0) -> [(poolIndex: Int, first: Int)] {
    let cells = Self.workerWidths(width, change: change).cells
    return view.pools.enumerated().flatMap { index, pool in
      // A pool of a thousand workers must not push the others off: 4 lines each.
      (0..<min(max(1, (pool.workers.count + cells - 1) / cells), 4)).map { (index, $0 * cells) }
    }
  }

  /// One cell a worker; a pool takes as many lines as it needs.
  func drawWorkers(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let change = changeWidth(RowIDs(view.pools.map(\.id)), width: rect.width, context)
    let (nameWidth, tailWidth, cellsWidth) = Self.workerWidths(rect.width, change: change)
    let lines = workerLines(width: rect.width, change: change)
    let selectedPool = context.list.resolved(ids: rowIDs, height: rect.height).selected
    let firstOfSelected = lines.firstIndex { $0.poolIndex == selectedPool } ?? 0
    let offset = ListState.offset(
      from: 0, showing: firstOfSelected, count: lines.count, height: rect.height)
    func name(_ pool: CircuitsContent.Pool) -> String {
      fullName(poolName(pool.state.name), node: pool.node).shown
    }
    let names = CutNames(
      lines.dropFirst(offset).prefix(rect.height).map { name(view.pools[$0.poolIndex]) },
      beside: unseen(view.pools.map { (poolName($0.state.name), name($0)) }, context), width: nameWidth,
      ellipsis: context.glyphs.ellipsis)
    for row in 0..<min(rect.height, max(0, lines.count - offset)) {
      let line = lines[offset + row]
      let pool = view.pools[line.poolIndex]
      let y = rect.y + row
      if line.first == 0 {
        let isSelected = context.isFocused && line.poolIndex == selectedPool
        grid.draw(
          names[name(pool)], at: rect.x + 1, y, width: nameWidth,
          context.style(isSelected ? .accent : .title, stale: pool.isStale),
          ellipsis: context.glyphs.ellipsis)
        if isSelected { grid.draw(context.glyphs.pointer, at: rect.x, y, width: 1, context.style(.accent)) }
        let busy =
          context.isOld(pool.isStale)
          ? "stale" : "\(NumberText.short(pool.state.busy))/\(NumberText.short(pool.state.workers)) busy"
        if change > 0 {
          grid.draw(
            context.changes?[pool.id]?.spans(context, width: tailWidth - 1) ?? [], at: rect.maxX - tailWidth,
            y, width: tailWidth - 1, ellipsis: context.glyphs.ellipsis)
        } else {
          grid.draw(busy, at: rect.maxX - 1 - tailWidth, y, width: tailWidth, context.muted, .right)
        }
      }
      for (place, cell) in pool.workers.dropFirst(line.first).prefix(cellsWidth).enumerated() {
        let (glyph, style) = Self.worker(cell, stale: pool.isStale, context)
        grid.draw(glyph, at: rect.x + nameWidth + 2 + place, y, width: 1, style)
      }
    }
    ScrollMark.draw(
      into: &grid, x: rect.maxX, rect: rect, offset: offset, count: lines.count, context: context)
    if lines.count < rect.height - 1 {
      legend(
        into: &grid, at: rect.x + nameWidth + 2, rect.y + lines.count + 1, width: rect.width - nameWidth - 3,
        context: context)
    }
  }

  private func legend(into grid: inout Grid, at x: Int, _ y: Int, width: Int, context: PaneContext) {
    let cells: [(CircuitsContent.WorkerCell, String)] = [
      (.idle, "idle"), (.busy, "busy"), (.halfOpen, "half"), (.open, "open"),
    ]
    let spans = cells.flatMap { cell, name in
      let (glyph, style) = Self.worker(cell, stale: false, context)
      return [Span(glyph, style), Span(" \(name)  ", context.muted)]
    }
    grid.draw(spans, at: x, y, width: width, ellipsis: context.glyphs.ellipsis)
  }

  static func worker(
    _ cell: CircuitsContent.WorkerCell, stale: Bool, _ context: PaneContext
  ) -> (String, Style) {
    switch cell {
    case .idle: (context.glyphs.idle, context.muted)
    case .busy: (context.glyphs.busy, context.style(.ok, stale: stale))
    case .halfOpen: (context.glyphs.half, context.style(.warn, stale: stale))
    case .open: (context.glyphs.down, stale ? context.muted : context.style(.critical, bold: true))
    }
  }

  /// When was which breaker open: one line a breaker, time from left to right.
  func drawTimeline(into grid: inout Grid, rect: Rect, context: PaneContext) {
    // As long as the names are, up to half of the pane: pool and service both tell a breaker from the others.
    let longest = Table.longest(view.breakers, most: rect.width / 2) {
      fullName(shortName($0), node: $0.node)
    }
    let nameWidth = max(min(20, max(10, rect.width / 3)), longest)
    // How it is now, and how often it opened, stands at the right where there is room.
    let change = changeWidth(rowIDs, width: rect.width, context)
    let tailWidth = change > 0 ? change : rect.width >= 90 ? Self.openWidth + 7 : rect.width >= 70 ? 20 : 0
    let width = max(1, rect.width - nameWidth - 3 - tailWidth)
    let (selected, offset) = context.list.resolved(ids: rowIDs, height: rect.height)
    let isTight = view.breakers.contains {
      DisplayWidth.of(fullName(shortName($0), node: $0.node).shown) > nameWidth
    }
    if view.breakers.count < rect.height {
      drawTimes(
        into: &grid, x: rect.x + nameWidth + 2, y: rect.y + view.breakers.count, width: width,
        context: context)
    }
    func name(_ breaker: CircuitsContent.Breaker) -> String {
      named(fullName(shortName(breaker), node: breaker.node), breaker, isTight: isTight)
    }
    let names = CutNames(
      view.breakers.dropFirst(offset).prefix(max(0, rect.height)).map(name),
      beside: unseen(view.breakers.map { (shortName($0), name($0)) }, context), width: nameWidth,
      ellipsis: context.glyphs.ellipsis)
    for row in 0..<min(rect.height, max(0, view.breakers.count - offset)) {
      let breaker = view.breakers[offset + row]
      let y = rect.y + row
      grid.draw(
        names[name(breaker)], at: rect.x + 1, y, width: nameWidth,
        context.style(.title, stale: breaker.isStale),
        ellipsis: context.glyphs.ellipsis)
      for column in 0..<width {
        let slots = breaker.timeline.count
        guard slots > 0 else { continue }
        let first = column * slots / width
        let last = max(first + 1, (column + 1) * slots / width)
        let (glyph, style) = Self.slot(breaker.timeline[first..<min(last, slots)], breaker.isStale, context)
        grid.draw(glyph, at: rect.x + nameWidth + 2 + column, y, width: 1, style)
      }
      if change > 0 {
        grid.draw(
          context.changes?[breaker.id]?.spans(context, width: change - 1) ?? [], at: rect.maxX - change, y,
          width: change - 1, ellipsis: context.glyphs.ellipsis)
      } else if tailWidth > 0 {
        let opened = " ×\(NumberText.short(breaker.state.openedCount))"
        let state =
          context.isOld(breaker.isStale)
          ? [Span("stale", context.style(.warn))]
          : Self.state(
            breaker.state.state, breaker.state, cooldownLeftMs: breaker.cooldownLeftMs,
            stale: breaker.isStale,
            width: tailWidth - 7, context)
        grid.draw(
          state, at: rect.maxX - tailWidth, y, width: tailWidth - 6, ellipsis: context.glyphs.ellipsis)
        grid.draw(opened, at: rect.maxX - 7, y, width: 6, context.muted, .right)
      }
      if context.isFocused, offset + row == selected {
        grid.draw(context.glyphs.pointer, at: rect.x, y, width: 1, context.style(.accent))
      }
    }
    ScrollMark.draw(
      into: &grid, x: rect.maxX, rect: rect, offset: offset, count: view.breakers.count, context: context)
  }

  /// `-60s`, `-30s` and `now` under the lines.
  private func drawTimes(into grid: inout Grid, x: Int, y: Int, width: Int, context: PaneContext) {
    let seconds = Int64(context.settings.window.seconds)
    let isLive = context.settings.moment == .live
    let now = isLive ? "now" : TimeText.clock(context.at, offset: context.clockOffset)
    grid.draw("-" + TimeText.age(seconds: seconds), at: x, y, width: width, context.muted)
    if width >= 30 {
      grid.draw("-" + TimeText.age(seconds: seconds / 2), at: x, y, width: width, context.muted, .center)
    }
    grid.draw(now, at: x, y, width: width, context.muted, .right)
  }

  /// The worst of the slots that one column stands for.
  private static func slot(
    _ states: ArraySlice<CircuitState?>, _ stale: Bool, _ context: PaneContext
  ) -> (String, Style) {
    let glyphs = context.glyphs
    if states.contains(.open) {
      return (
        String(glyphs.isASCII ? glyphs.shades[3] : glyphs.levels[5]),
        stale ? context.muted : context.style(.critical, bold: true)
      )
    }
    if states.contains(.halfOpen) { return (String(glyphs.shades[1]), context.style(.warn, stale: stale)) }
    if states.contains(.closed) { return (String(glyphs.horizontal), context.style(.ok, stale: stale)) }
    return (" ", context.muted)
  }

  /// With the gateway's name where there are several.
  private func fullName(_ name: ByteText, node: ByteText) -> ByteText {
    severalNodes ? "\(node) \(name)" : name
  }

  /// The names of rows that are not seen, and what rows would be called that other gateways have.
  private func unseen(_ rows: [(name: ByteText, full: String)], _ context: PaneContext) -> [String] {
    guard severalNodes else { return [] }
    let names = Set(rows.prefix(300).map(\.name)).sortedNaturally()
    let gateways = context.gateways
    let most = gateways.isEmpty ? 0 : max(1, 250 / gateways.count)
    return names.prefix(most).flatMap { name in gateways.map { $0 + " " + name.shown } }
      + rows.prefix(300).map(\.full)
  }

  private func shortName(_ breaker: CircuitsContent.Breaker) -> ByteText {
    poolName(breaker.state.pool) + (breaker.state.worker.map { " #\($0)" } ?? breaker.state.serviceText)
  }

  /// A name, before its middle gives way: the service's node goes first, where no other breaker has the same pool and service.
  ///
  /// - Parameter isTight: some name of the list does not fit: nodes go from all of them, so that each is named as the others.
  private func named(_ name: ByteText, _ breaker: CircuitsContent.Breaker, isTight: Bool) -> String {
    var text = name.shown
    if isTight, let node = breaker.state.node {
      let others = view.breakers.filter {
        $0.node == breaker.node && $0.state.pool == breaker.state.pool
          && $0.state.service == breaker.state.service
      }
      let end: ByteText = " on \(node)"
      if others.count < 2, name.hasSuffix(end) {
        text = name.prefix(bytes: name.byteCount - end.byteCount).shown
      }
    }
    return text
  }

  static func name(_ breaker: CircuitsContent.Breaker) -> ByteText {
    breaker.state.pool + (breaker.state.worker.map { " #\($0)" } ?? breaker.state.serviceText)
  }

  /// Whose breaker it is, within its pool: `users on n1`, `worker 3`.
  static func owner(_ breaker: CircuitsContent.Breaker) -> ByteText {
    if let worker = breaker.state.worker { return "worker \(worker)" }
    guard let service = breaker.state.service else { return breaker.state.pool }
    return service + (breaker.state.node.map { " on " + $0 } ?? "")
  }

  func drawOpen(into grid: inout Grid, rect: Rect, context: PaneContext) {
    var table = open(context)
    table.isStale = \.isStale
    table.draw(openOnes, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func open(_ context: PaneContext) -> Table<CircuitsContent.Breaker> {
    var columns: [Table<CircuitsContent.Breaker>.Column] = [
      .init(
        "BREAKER", 9, most: Table.longest(openOnes, most: 40) { Self.name($0) }, isName: true,
        wide: { breaker, width in
          let isTight = openOnes.prefix(200).contains { DisplayWidth.of(Self.name($0).shown) > width }
          let name = named(Self.name(breaker), breaker, isTight: isTight)
          return [Span(name, context.style(.title, stale: breaker.isStale))]
        }
      ).beside(openOnes.prefix(500).map { named(Self.name($0), $0, isTight: true) }),
      .init(
        "STATE", 10, most: Self.openWidth,
        wide: { breaker, width in
          Self.state(
            breaker.state.state, breaker.state, cooldownLeftMs: breaker.cooldownLeftMs,
            stale: breaker.isStale, width: width,
            context)
        }),
      .init("SINCE", 5, .right, rank: 2) { [Span(context.age(of: $0.state.notClosedSince), context.muted)] },
      .init("OPENED", 6, .right, rank: 3) {
        [Span("×\(NumberText.short($0.state.openedCount))", context.muted)]
      },
      .init(
        "NODE", 4, most: Table.longest(openOnes, most: 24) { $0.node },
        rank: context.changes == nil || !severalNodes ? 4 : 0, isName: true
      ) {
        [Span($0.node.shown, context.muted)]
      }.beside(context.gateways + openOnes.prefix(500).map(\.node.shown)),
      .init("REASON", 10, most: 60, rank: 1) { breaker in
        [Span(breaker.state.lastReason?.shown ?? "", context.style(.warn, stale: breaker.isStale))]
      },
    ]
    if tellsRefused {
      columns.insert(
        .init("REFUSED", 7, .right, rank: 3) { breaker in
          let refused = breaker.state.refused ?? 0
          let style =
            refused > 0 && !breaker.isStale ? context.style(.critical, bold: true) : context.muted
          return [Span(NumberText.short(breaker.state.refused), style)]
        }, at: 4)
    }
    return Table(columns: columns)
  }

  func drawServices(into grid: inout Grid, rect: Rect, context: PaneContext) {
    services(context).draw(view.services, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func services(_ context: PaneContext) -> Table<CircuitsContent.ServiceRefusals> {
    let columns: [Table<CircuitsContent.ServiceRefusals>.Column] = [
      .init("SERVICE", 9, most: Table.longest(view.services, most: 48) { $0.service }, isName: true) {
        [Span($0.service.shown, context.style(.title))]
      },
      .init("REFUSED", 7, .right) { row in
        [
          Span(
            NumberText.short(row.refused),
            row.refused > 0 ? context.style(.critical, bold: true) : context.muted)
        ]
      },
      .init("/S", 5, .right, rank: 1) { row in
        let key: ThemeKey = row.refusedPerSecond > 0 ? .critical : .muted
        return [Span(NumberText.short(row.refusedPerSecond), context.style(key))]
      },
      .init("RPS", 5, .right, rank: 2) { [Span(NumberText.short($0.requestsPerSecond), context.text)] },
      .init(
        "SHARE", 6, most: 20, rank: 3,
        wide: { row, width in
          let share = row.requestsPerSecond > 0 ? row.refusedPerSecond / row.requestsPerSecond : 0
          let bar = context.glyphs.bar(share, width: width)
          return [Span(bar.filled, context.style(.critical)), Span(bar.track, context.style(.border))]
        }),
    ]
    return Table(columns: columns)
  }
}
