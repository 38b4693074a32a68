import GenAPITelemetry
import OutsideText
import TopModel

/// Which limit and whose key is being refused, since when, and how close are the next ones?
struct LimitsPane: Pane {
  static let title: StaticString = "Rate limits"
  static let narrowedBy: Set<String> = ["service", "type", "node", "user", "text"]
  static let told: StateField? = StateField("limits")

  static var sortColumns: [SortColumn] { sortKeys.map(\.column) }

  /// There is no head of columns: the title says by which of these the limits are sorted.
  static let sortKeys: [SortKey<LimitRow>] = [
    .name("limit") { $0.scope + " " + $0.key }, .number("refused/s") { SortValue($0.rejectionsPerSecond) },
    .number("used") { SortValue($0.keys.lazy.map(\.fraction).max() ?? 0) },
    .number("checks/s") { SortValue($0.checksPerSecond) }, .number("keys") { SortValue($0.trackedKeys) },
  ]

  var rows: [LimitRow]
  /// Keys that gateways gave up before their window ended, since they started.
  var evictedKeys: Int64 = 0

  var rowIDs: RowIDs { RowIDs(lines.map(\.id)) }
  var headLines: Int { 0 }

  /// A limit, or one of its keys.
  enum Line {
    case limit(LimitRow)
    case key(LimitRow, LimitRow.Key)

    /// Of the limit, also for one of its keys.
    var limitID: ByteText {
      switch self {
      case .limit(let row), .key(let row, _): row.id
      }
    }

    var id: ByteText {
      switch self {
      case .limit(let row): row.id
      case .key(let row, let key): [row.id, key.node, key.value].joinedAsKey
      }
    }
  }

  /// Every limit with its hottest keys; fewer keys each when there are many limits.
  var lines: [Line] {
    let most = rows.count > 8 ? 2 : rows.count > 3 ? 3 : 6
    return rows.flatMap { row in [.limit(row)] + row.keys.prefix(most).map { .key(row, $0) } }
  }

  /// Limits that forget let more through than they say.
  func subtitle(_ context: PaneContext) -> [Span] {
    guard evictedKeys > 0 else { return context.sortMark }
    let number = NumberText.short(evictedKeys)
    let text = context.width >= 48 ? "\(number) keys given up" : "\(number) gone"
    return [Span("\(context.glyphs.warning) \(text)", context.style(.warn, bold: true))]
      + (context.sort == nil ? [] : [Span(" ")] + context.sortMark)
  }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    // Of gateways that are heard: what the others told last is no rate of now.
    let told = rows.filter { !$0.isStale && $0.rejectionsPerSecond != nil }
    guard !told.isEmpty else { return [] }
    if told.allSatisfy({ $0.rejectionsPerSecond ?? 0 <= 0 }) { return [Span("none refused", context.muted)] }
    // Over the window, and over: what ended is no trouble of now.
    let refusing = told.filter { $0.rejectionsPerSecond ?? 0 > 0 }
    if !refusing.contains(where: { $0.isRefusing(at: context.at) }),
      let last = refusing.compactMap(\.lastRejectionAt).max()
    {
      let word = context.width >= 36 ? "last refused " : ""
      return [Span("\(word)\(context.age(of: last)) ago", context.muted)]
    }
    // As the line of all panes has it: of those that refuse now.
    let rate = told.reduce(0) { $0 + $1.refusesPerSecond(at: context.at) }
    let word = context.width >= 36 ? " refused" : ""
    let text = "\(context.glyphs.warning) \(NumberText.short(rate))/s\(word)"
    return [Span(text, context.style(.warn, bold: true))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    rows.isEmpty ? reason("no rate limits configured", context) : nil
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let lines = lines
    let roomy = numbersWidth(lines, width: rect.width, context)
    let tailWidth = tailWidth(lines, width: roomy, context)
    let ids = RowIDs(lines.map(\.id))
    let (selected, offset) = context.list.resolved(ids: ids, height: rect.height)
    let visible = lines.dropFirst(offset).prefix(max(0, rect.height))
    let names = limitNames(visible, width: rect.width, context)
    for (index, line) in visible.enumerated() {
      let y = rect.y + index
      switch line {
      case .limit(let row):
        if let (name, right) = names[row.id] {
          drawLimit(name, right, into: &grid, y, rect: rect, context: context)
        }
      case .key(let row, let key):
        drawKey(
          key, of: row, tail: (tailWidth, roomy), into: &grid, y, rect: rect, context: context)
      }
      if context.isFocused, offset + index == selected {
        grid.highlight(Rect(x: rect.x, y: y, width: rect.width, height: 1), context.style(.selection))
        grid.draw(context.glyphs.pointer, at: rect.x, y, width: 1, context.style(.accent))
      }
    }
    ScrollMark.draw(
      into: &grid, x: rect.maxX, rect: rect, offset: offset, count: lines.count, context: context)
  }

  /// What stands at the right of a limit's line.
  ///
  /// - Parameter name: how wide its name is.
  func numbers(
    _ row: LimitRow, beside name: Int, width: Int, _ context: PaneContext
  ) -> [Span] {
    let isRefusing = row.isRefusing(at: context.at)
    // What does not fit beside the name is left out, the most important stays.
    var right: [Span] = []
    let change = context.changes?[row.id]?.spans(context, width: min(60, max(12, width / 2))) ?? []
    if !change.isEmpty { right.append(Span(" ")) }
    right += change
    // The numbers of a gateway that is not heard are none of now: whose they are takes their room.
    let isOld = context.isOld(row.isStale)
    if isOld {
      let names = row.gateways.prefix(2).joined(separator: " ").shown + (row.gateways.count > 2 ? " …" : "")
      right.append(Span(" stale" + (names.isEmpty ? "" : " on " + names), context.style(.warn)))
    }
    // That they ended is worth more than how many there were.
    if !isRefusing, !isOld, row.rejectionsPerSecond ?? 0 > 0, let last = row.lastRejectionAt {
      right.append(Span(" last \(context.age(of: last))", context.style(.warn)))
    }
    if let rejections = row.rejectionsPerSecond, rejections > 0, !isOld {
      // Over the window, as the title's sum is of those that refuse now.
      let rate = " \(context.glyphs.cross)\(NumberText.short(rejections))/s"
      let key = Severity.refusals(perSecond: rejections)
      right.append(
        Span(rate, row.isStale || !isRefusing ? context.muted : context.style(key, bold: true)))
    }
    if let refusing = row.refusing, isRefusing {
      right.append(Span(" for \(context.age(of: refusing.since))", context.style(.warn, stale: row.isStale)))
    }
    let quota = "\(NumberText.short(row.maxRequests))/\(TimeText.duration(milliseconds: row.windowMs))"
    if !isOld {
      right.append(Span(" " + quota, context.muted))
      right.append(
        Span(
          " " + (row.trackedKeys.map { NumberText.counted($0, "key") } ?? "\(context.glyphs.dash) keys"),
          context.muted))
      right.append(Span(" \(NumberText.short(row.checksPerSecond))/s", context.muted))
    }
    if row.rejectionsPerSecond ?? 0 <= 0, !isOld, let last = row.lastRejectionAt {
      right.append(Span(" last \(context.age(of: last))", context.muted))
    }
    let nameWidth = min(name, width * 3 / 5)
    while right.displayWidth + nameWidth > width - 2, right.count > (change.isEmpty ? 1 : 2) {
      right.removeLast()
    }
    return right
  }

  private func drawLimit(
    _ name: [Span], _ right: [Span], into grid: inout Grid, _ y: Int, rect: Rect, context: PaneContext
  ) {
    let rightWidth = min(right.displayWidth, max(0, rect.width - 8))
    let room = rect.width - 2 - rightWidth - 1
    grid.draw(name, at: rect.x + 1, y, width: room, ellipsis: context.glyphs.ellipsis)
    grid.draw(right, at: rect.maxX - 1 - rightWidth, y, width: rightWidth, ellipsis: context.glyphs.ellipsis)
  }

  /// How full a key is, behind its bar: `1893/2000  94.7%`, or how long it has to wait.
  private func tail(_ key: LimitRow.Key, width: Int, _ context: PaneContext) -> String {
    let fraction = key.fraction
    let isFull = key.used >= key.max
    let wait = TimeText.duration(milliseconds: key.resetMs)
    // A full one has reached what stands in the limit's own line.
    if isFull, width < 40 { return "\(context.glyphs.pending) \(wait)" }
    let used = "\(key.isTold ? NumberText.short(key.used) : context.glyphs.dash)/\(NumberText.short(key.max))"
    var tail = used.padded(to: max(used.count, width >= 40 ? 9 : 7), .right)
    // When it is full the bar says no more, but when it is free again does.
    if isFull {
      let mark = width >= 70 ? "  waits" : " \(context.glyphs.pending)"
      tail += "\(mark) " + wait.padded(to: 6, .right)
    } else if width >= 40 {
      tail += " " + (NumberText.percent(fraction * 100) + "%").padded(to: 6, .right)
    }
    if width >= 60 {
      tail += "  refused " + NumberText.short(key.rejections.map { _ in key.refused }).padded(to: 5, .right)
    }
    return tail
  }

  /// The room behind the bars, the same for all of them: the fullest key has the longest bar.
  private func tailWidth(_ lines: [Line], width: Int, _ context: PaneContext) -> Int {
    lines.reduce(0) { longest, line in
      guard case .key(_, let key) = line else { return longest }
      return max(longest, DisplayWidth.of(tail(key, width: width, context)))
    }
  }

  /// How wide a pane the numbers behind the bars are made for: of a narrower one where a name would have to be cut for them.
  private func numbersWidth(_ lines: [Line], width: Int, _ context: PaneContext) -> Int {
    let longest = lines.reduce(0) { longest, line in
      guard case .key(_, let key) = line else { return longest }
      return max(longest, min(Self.longestName, DisplayWidth.of(key.value.shown)))
    }
    let widths = [width, 59, 39].filter { $0 <= width }
    return widths.first { longest + Self.leastBar + tailWidth(lines, width: $0, context) + 5 <= width }
      ?? widths.last ?? width
  }

  /// An IPv6 address with an IPv4 one in it.
  static let longestName = 45
  /// A shorter bar says nothing.
  private static let leastBar = 4

  private func drawKey(
    _ key: LimitRow.Key, of row: LimitRow, tail numbers: (width: Int, roomy: Int), into grid: inout Grid,
    _ y: Int, rect: Rect,
    context: PaneContext
  ) {
    let fraction = key.fraction
    let level: ThemeKey = row.isStale ? .muted : Severity.level(fraction)
    let isFull = key.used >= key.max
    let tailWidth = numbers.width
    let tail = tail(key, width: numbers.roomy, context)
    let longest = row.keys.reduce(6) { max($0, min(Self.longestName, DisplayWidth.of($1.value.shown))) }
    // Whose bar it is can be read before how long it is: an address that is cut is nobody's.
    let room = rect.width - tailWidth - 5
    let nameWidth = longest <= room ? longest : max(6, room / 2)
    let barWidth = rect.width - nameWidth - tailWidth - 5
    let isCut = row.keys.contains { DisplayWidth.of($0.value.shown) > nameWidth }
    let names = CutNames(
      isCut ? row.keys.map(\.value.shown) : [], width: nameWidth, ellipsis: context.glyphs.ellipsis)
    grid.draw(
      names[key.value.shown], at: rect.x + 2, y,
      width: nameWidth, context.style(.text, stale: row.isStale),
      ellipsis: context.glyphs.ellipsis)
    if barWidth > 0 {
      let bar = context.glyphs.bar(fraction, width: barWidth)
      grid.draw(
        [Span(bar.filled, context.style(level)), Span(bar.track, context.style(.border))],
        at: rect.x + 3 + nameWidth, y, width: barWidth)
    }
    let style = isFull && !row.isStale ? context.style(.critical, bold: true) : context.style(level)
    grid.draw(tail, at: rect.maxX - 1 - tailWidth, y, width: tailWidth, style, .right)
  }
}

extension LimitRow.Key {
  /// How much of the limit is used; all of one that allows nothing.
  var fraction: Double { max > 0 ? Double(used) / Double(max) : 1 }
}

extension LimitsPane {
  static var empty: [LimitRow] { [] }

  static func content(_ source: PaneSource) -> [LimitRow] {
    source.views.limits(source.model, source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = Self.arranged(content.limits, Self.sortKeys, id: \.id, content, state, isStale: \.isStale)
    evictedKeys = content.header.evictedKeys
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? {
    line(id).map { line in
      switch line {
      case .limit(let row): .init(LimitDetail(id: row.id))
      case .key(let row, let key): .init(LimitKeyDetail(limit: row.id, key: key.value, gateway: key.node))
      }
    }
  }

  func cause(of id: ByteText) -> DetailDialog.Subject? {
    guard case .key(let row, let key)? = line(id), row.key == "user_id" else { return nil }
    return .init(UserDetail(name: key.value))
  }

  func terms(of id: ByteText, _ content: ScreenContent) -> [FilterTermText] {
    switch line(id) {
    case .key(let row, let key)?: row.key == "user_id" ? [FilterTermText("user", key.value)] : []
    case .limit(let row)?: LimitDetail(id: row.id).terms(content)
    case nil: []
    }
  }

  private func line(_ id: ByteText) -> Line? { lines.first { $0.id == id } }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    line(id).map(text)
  }

  func searchTexts(_ state: ScreenState) -> [String] { lines.map { text($0).shown } }

  private func text(_ line: Line) -> String {
    switch line {
    case .limit(let row): "\(row.scope) \(row.key)"
    case .key(let row, let key):
      "\(row.scope) \(row.key) \(key.value) \(key.used)/\(key.max) refused "
        + "\(key.rejections.map { "\(key.refused) of \($0)" } ?? NumberText.unknown) on \(key.node)"
    }
  }
}

extension ScreenContent {
  package var limits: [LimitRow] {
    get { self[LimitsPane.self] }
    set { self[LimitsPane.self] = newValue }
  }
}
