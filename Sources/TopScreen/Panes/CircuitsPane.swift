import GenAPITelemetry
import OutsideText
import TopModel

/// Which pool or worker refuses, since when, and until when?
struct CircuitsPane: Pane {
  static let title: StaticString = "Circuits"
  static let narrowedBy: Set<String> = ["node", "text"]
  static let columnNames = ["pool", "breaker", "fail", "busy", "queue", "rej/s", "node"]
  static var hints: [(command: Command, label: String)] { [(.open, "Details"), (.nextCircuitView, "View")] }

  var view: CircuitsContent
  /// Which of the five views.
  var mode: CircuitMode

  var headLines: Int { mode == .workers || mode == .timeline ? 0 : 1 }

  var rowIDs: RowIDs {
    switch mode {
    case .pools, .workers: RowIDs(view.pools.map(\.id))
    case .timeline: RowIDs(view.breakers.map(\.id))
    case .openOnly: RowIDs(openOnes.map(\.id))
    case .byService: RowIDs(view.services.map(\.service))
    }
  }

  private var tellsBreakers: Bool { view.pools.contains { !$0.unknown.contains(.breakers) } }

  var openOnes: [CircuitsContent.Breaker] { view.breakers.filter { $0.state.state != .closed } }

  func subtitle(_ context: PaneContext) -> [Span] {
    // On a narrow frame the state is worth more than the name of the usual view.
    if mode == .pools, context.width < 34 { return [] }
    // The views that sum up say over which time, where that takes no room from what is wrong.
    let window = mode == .timeline || mode == .byService ? " " + context.window : ""
    let isWell = view.openCount + view.halfOpenCount == 0 && !view.pools.contains { $0.state.isFull }
    let facts = facts(context)
    let least = (isWell ? facts.last : facts.first)?.displayWidth ?? 0
    let fits = room(beside: mode.label + window, context) >= least
    return [Span(mode.label + (fits ? window : ""), context.muted)]
  }

  func fact(_ context: PaneContext) -> [Span] {
    let facts = facts(context)
    let room = room(beside: subtitle(context).map(\.text).joined(), context)
    return facts.first { $0.displayWidth <= room } ?? facts.last ?? []
  }

  /// The columns that are left for the fact at the right of the title.
  private func room(beside subtitle: String, _ context: PaneContext) -> Int {
    let digit = Self.kind.digit.map { "\($0) ".count } ?? 0
    let left =
      digit + "\(Self.title)".count + (subtitle.isEmpty ? 0 : 1 + subtitle.count)
      + (narrowingMark(context).map { DisplayWidth.of($0) + 1 } ?? 0)
    // Corners, blanks around both, and two cells of border between them.
    return context.width - 2 - (left + 1) - 2 - 2
  }

  /// The same fact, from the longest to the shortest that still says it.
  private func facts(_ context: PaneContext) -> [[Span]] {
    let (open, half) = (view.openCount, view.halfOpenCount)
    let full = view.pools.count { $0.state.isFull && !$0.isStale }
    if open + full > 0 {
      let parts = [(open, "OPEN"), (full, "FULL")].filter { $0.0 > 0 }
      let long = parts.map { "\($0) \($1)" }.joined(separator: ", ")
      return (parts.count == 1 ? [long, "\(parts[0].0)"] : [long]).map {
        [Span("\(context.glyphs.down) \($0)", context.style(.critical, bold: true))]
      }
    }
    if half > 0 {
      return ["\(half) half-open", "\(half) half"].map {
        [Span("\(context.glyphs.half) \($0)", context.style(.warn, bold: true))]
      }
    }
    guard !view.pools.isEmpty, tellsBreakers else { return [] }
    return ["closed", "ok"].map { [Span("\(context.glyphs.up) \($0)", context.style(.ok))] }
  }

  func emptyReason(_ context: PaneContext) -> String? {
    if view.pools.isEmpty { return reason("no worker pools", context) }
    switch mode {
    case .pools, .workers: return nil
    case .timeline where !tellsBreakers, .openOnly where !tellsBreakers: return "no gateway tells of breakers"
    case .timeline: return view.breakers.isEmpty ? "no breaker was open in this time" : nil
    case .openOnly: return openOnes.isEmpty ? "\(context.glyphs.check) every breaker is closed" : nil
    case .byService: return view.services.isEmpty ? "no pool refused a request" : nil
    }
  }

  func wantedLines(width: Int) -> Int {
    switch mode {
    case .workers: workerLines(width: width).count + 2
    case .timeline: view.breakers.count + 1
    case .pools, .openOnly, .byService: headLines + rowIDs.count
    }
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    switch mode {
    case .pools: drawPools(into: &grid, rect: rect, context: context)
    case .workers: drawWorkers(into: &grid, rect: rect, context: context)
    case .timeline: drawTimeline(into: &grid, rect: rect, context: context)
    case .openOnly: drawOpen(into: &grid, rect: rect, context: context)
    case .byService: drawServices(into: &grid, rect: rect, context: context)
    }
  }

  /// Of `○ OPEN, probe in 1m41s`.
  static let openWidth = 22

  /// What is told of one that is half-open.
  ///
  /// - Parameter probing: whether a call is its probe now, or the next one will be; nil where that is not told.
  private static func halfOpen(_ probing: Bool?, width: Int) -> String {
    let texts =
      switch probing {
      case true?: ["half-open, a probe is under way", "half-open, probing"]
      case false?: ["half-open, the next call probes", "half-open, probe due"]
      case nil: ["half-open: one call tries, the next if none does now", "half-open, 1 may try"]
      }
    // Behind the glyph.
    return texts.first { $0.count + 2 <= width } ?? "half-open"
  }

  /// `● closed`, `◐ half-open, probing`, `○ OPEN, probe in 41s`; where there is no room to say what the seconds are, without them.
  ///
  /// - Parameter breaker: the breaker whose state it is, if more is told of it.
  static func state(
    _ state: CircuitState, _ breaker: BreakerState?, cooldownLeftMs: Int64?, stale: Bool,
    width: Int = CircuitsPane.openWidth, _ context: PaneContext
  ) -> [Span] {
    switch state {
    case .closed: [Span("\(context.glyphs.up) closed", context.style(.ok, stale: stale))]
    case .unknown(let word):
      [Span("\(context.glyphs.half) \(word.shown)", context.style(.warn, stale: stale))]
    case .halfOpen:
      [
        Span(
          // Of one that is not heard nobody knows what its probe does.
          "\(context.glyphs.half) \(halfOpen(stale ? nil : breaker?.isProbing, width: width))",
          context.style(.warn, stale: stale))
      ]
    case .open:
      [
        Span(
          // Of one that is not heard nobody knows when it probes.
          "\(context.glyphs.down) OPEN" + (stale ? "" : probe(cooldownLeftMs, width: width)),
          stale ? context.muted : context.style(.critical, bold: true))
      ]
    }
  }

  private static func probe(_ cooldownLeftMs: Int64?, width: Int) -> String {
    guard let left = cooldownLeftMs else { return "" }
    let text = ", probe in " + TimeText.span(seconds: left / 1000 + (left % 1000 > 0 ? 1 : 0))
    return width >= 6 + text.count ? text : ""
  }

  /// The pool's own breaker; while that is closed, how many of its services' are open, or else half-open.
  static func state(of pool: CircuitsContent.Pool, width: Int, _ context: PaneContext) -> [Span] {
    let state = pool.state
    // A pool that has no breaker of its own: how many of its workers' are not closed.
    if pool.unknown.contains(.poolBreaker) { return workers(of: pool, context) }
    let isOpen = state.openServices > 0
    let services = isOpen ? state.openServices : state.halfOpenServices
    guard state.breaker == .closed, services > 0 else {
      return self.state(
        state.breaker, pool.breaker, cooldownLeftMs: pool.cooldownLeftMs, stale: pool.isStale, width: width,
        context)
    }
    let glyph = isOpen ? context.glyphs.down : context.glyphs.half
    let style = isOpen ? context.style(.critical, bold: true) : context.style(.warn)
    return [Span("\(glyph) \(NumberText.short(services)) svc", pool.isStale ? context.muted : style)]
  }

  private static func workers(of pool: CircuitsContent.Pool, _ context: PaneContext) -> [Span] {
    let (open, half) = (pool.state.openWorkers, pool.state.halfOpenWorkers)
    guard open + half > 0 else { return [Span(context.glyphs.dash, context.muted)] }
    let key: ThemeKey = open > 0 ? .critical : .warn
    let glyph = open > 0 ? context.glyphs.down : context.glyphs.half
    let style = pool.isStale ? context.muted : context.style(key, bold: open > 0)
    return [Span("\(glyph) \(NumberText.short(open > 0 ? open : half)) wrk", style)]
  }

  var severalNodes: Bool { Set(view.pools.map(\.node)).count > 1 }

  /// Under the heading POOL the name need not say it again: the room goes to what differs.
  func poolName(_ name: ByteText) -> ByteText {
    name.hasSuffix("_pool") ? name.prefix(bytes: name.byteCount - 5) : name
  }

  private func drawPools(into grid: inout Grid, rect: Rect, context: PaneContext) {
    var table = pools(context)
    table.isStale = { $0.isStale }
    table.draw(view.pools, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    switch mode {
    case .pools: pools(context).column(at: place, width: width, context)
    case .openOnly: open(context).column(at: place, width: width, context)
    case .byService: services(context).column(at: place, width: width, context)
    case .workers, .timeline: nil
    }
  }

  private func pools(_ context: PaneContext) -> Table<CircuitsContent.Pool> {
    let waits = view.pools.contains { $0.state.queued > 0 }
    let isProbing = view.pools.contains { $0.state.breaker == .halfOpen }
    var columns: [Table<CircuitsContent.Pool>.Column] = [
      .init("POOL", 6, most: Table.longest(view.pools, most: 40) { poolName($0.state.name) }, isName: true) {
        pool in
        [Span(poolName(pool.state.name).shown, context.style(.title, stale: pool.isStale))]
      },
      .init(
        // While something waits there is room for that, with the names of several gateways, on a narrow frame.
        "BREAKER", waits && !isProbing ? 8 : 10,
        most: view.pools.contains { $0.cooldownLeftMs != nil || $0.state.breaker == .halfOpen }
          ? Self.openWidth : 11,
        wide: { Self.state(of: $0, width: $1, context) }),
      .init("FAIL", 4, .right, rank: 3) { pool in
        // What the pool's own breaker counts says nothing beside one of a service that is open.
        if pool.unknown.contains(.poolFailures)
          || pool.state.breaker == .closed && pool.state.openServices > 0
        {
          return [Span(context.glyphs.dash, context.muted)]
        }
        let style =
          pool.state.consecutiveFailures > 0 ? context.style(.warn, stale: pool.isStale) : context.muted
        return [Span("\(NumberText.short(pool.state.consecutiveFailures))/\(pool.state.threshold)", style)]
      },
      .init("BUSY", 4, most: 24, rank: 2, wide: { busy($0, width: $1, context) }),
      // What waits is worth more than a gauge that is full then, and stays on every frame.
      .init("QUEUE", 5, .right, rank: waits ? 0 : 4) { pool in
        let queued = pool.state.queued
        let key: ThemeKey = pool.state.isFull ? .critical : .warn
        return [
          Span(
            NumberText.short(queued),
            queued == 0 || pool.isStale ? context.muted : context.style(key, bold: pool.state.isFull))
        ]
      },
      .init("REJ/S", 5, .right, rank: 5) { pool in
        let style =
          pool.rejectionsPerSecond ?? 0 > 0 && !pool.isStale
          ? context.style(.critical, bold: true) : context.muted
        let isOld = context.isOld(pool.isStale)
        return [Span(NumberText.short(isOld ? nil : pool.rejectionsPerSecond), style)]
      },
    ]
    if severalNodes {
      columns.append(
        // Pools of several gateways have one name: beside what changed it stays.
        .init(
          "NODE", 4, most: Table.longest(view.pools, most: 24) { $0.node },
          rank: context.changes == nil ? 1 : 0,
          isName: true
        ) {
          [Span($0.node.shown, context.muted)]
        }.beside(context.gateways + view.pools.prefix(500).map(\.node.shown)))
    }
    return Table(columns: columns)
  }

  /// A gauge of busy workers, with the numbers when there is room.
  private func busy(_ pool: CircuitsContent.Pool, width: Int, _ context: PaneContext) -> [Span] {
    let (workers, busy) = (max(pool.state.workers, 1), pool.state.busy)
    let numbers = " \(NumberText.short(busy))/\(NumberText.short(pool.state.workers))".padded(to: 6, .right)
    let barWidth = width >= 11 ? width - 6 : width
    let fraction = Double(busy) / Double(workers)
    let bar = context.glyphs.bar(fraction, width: barWidth)
    let key: ThemeKey = pool.isStale ? .muted : fraction >= 1 ? .critical : fraction >= 0.8 ? .warn : .accent
    var spans = [Span(bar.filled, context.style(key)), Span(bar.track, context.style(.border))]
    if barWidth < width { spans.append(Span(numbers, context.muted)) }
    return spans
  }
}

extension CircuitsPane {
  static var empty: CircuitsContent { CircuitsContent() }

  static func content(_ source: PaneSource) -> CircuitsContent {
    source.model.circuits(
      source.settings, slots: max(10, min(source.rect.width, 300)),
      includingServices: source.settings.circuitView == .byService)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    view = content.circuits
    mode = state.settings.circuitView
    view.pools = Self.arranged(view.pools, Self.poolKeys, id: \.id, content, state, isStale: \.isStale)
    view.services = Self.arranged(view.services, Self.serviceKeys, id: \.service, content, state)
    if mode == .openOnly {
      view.breakers = Self.arranged(
        view.breakers, Self.breakerKeys, id: \.id, content, state, isStale: \.isStale)
    }
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? {
    switch mode {
    case .pools, .workers: .init(PoolDetail(id: id))
    case .timeline, .openOnly: .init(BreakerDetail(id: id))
    case .byService: .init(ServiceDetail(name: id))
    }
  }

  /// Of a pool that is full itself, else the breaker that is not closed.
  func cause(of id: ByteText) -> DetailDialog.Subject? {
    guard mode == .pools || mode == .workers, let pool = view.pools.first(where: { $0.id == id }) else {
      return nil
    }
    if pool.state.isFull { return .init(PoolDetail(id: id)) }
    // What refuses most stands first.
    let worst = view.breakers.first {
      $0.node == pool.node && $0.state.pool == pool.state.name && $0.state.state != .closed
    }
    return worst.map { .init(BreakerDetail(id: $0.id)) }
  }
}

extension ScreenContent {
  package var circuits: CircuitsContent {
    get { self[CircuitsPane.self] }
    set { self[CircuitsPane.self] = newValue }
  }
}
