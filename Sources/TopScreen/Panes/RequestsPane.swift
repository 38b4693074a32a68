import GenAPITelemetry
import OutsideText
import TopModel

/// Which function is slow, failing, busy?
struct RequestsPane: Pane {
  static let title: StaticString = "Requests"
  static let told: StateField? = .series
  static let narrowedBy: Set<String> = ["service", "type", "version", "node", "text"]
  static let columnNames = [
    "service", "type", "trend", "rps", "err%", "rej%", "fly", "p50", "p95", "p99", "max",
  ]
  static var hints: [(command: Command, label: String)] { [(.open, "Details"), (.sort, "Sort")] }
  static var sumsFunctions: Bool { true }
  static var sortColumns: [SortColumn] {
    columnNames.map { SortColumn(name: $0, rises: $0 == "service" || $0 == "type") }
  }

  var rows: [RequestRow]

  var rowIDs: [ByteText] { rows.map(\.id) }
  var headLines: Int { 1 }

  func subtitle(_ context: PaneContext) -> [Span] { [Span(context.window, context.muted)] }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    let sort = context.settings.requestSort
    let isRising = (sort == .service || sort == .type) != context.settings.isSortReversed
    let arrow = isRising ? context.glyphs.ascending : context.glyphs.descending
    if context.changes != nil, context.sort?.column == RowChange.column {
      let changed = rows.count { context.changes?[$0.id]?.parts.isEmpty == false }
      return [Span("\(changed) changed", context.style(.accent))]
    }
    if sort == .worst, !context.settings.isSortReversed {
      let troubled = rows.count { $0.trouble > 1 }
      // The usual order needs a word only where it moved something.
      return troubled == 0
        ? [Span("busiest first", context.muted)]
        : [Span("\(context.glyphs.warning) \(troubled) in trouble", context.style(.warn, bold: true))]
    }
    return [Span("sort ", context.muted), Span("\(sort.label) \(arrow)", context.style(.accent))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    rows.isEmpty ? reason("no requests yet", context) : nil
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    table(context).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func table(_ context: PaneContext) -> Table<RequestRow> {
    let sort = context.settings.requestSort
    func latency(_ row: RequestRow, _ value: Int64?) -> [Span] {
      [
        Span(
          TimeText.duration(microseconds: value), context.style(Severity.duration(value), stale: row.isStale))
      ]
    }
    /// A moment of which nothing was kept has no numbers.
    func number(_ row: RequestRow, _ spans: [Span]) -> [Span] {
      row.isKept ? spans : [Span(context.glyphs.dash, context.muted)]
    }
    // Of what has not ended there is no share.
    func percent(_ row: RequestRow, _ value: Double, critical: Double, _ context: PaneContext) -> [Span] {
      row.hasEnded
        ? Severity.percent(value, warn: 1, critical: critical, stale: row.isStale, context)
        : [Span(context.glyphs.dash, context.muted)]
    }
    // Names that can be read are worth more than the columns that matter least.
    let least = context.width >= 60 ? 14 : 0
    let longestService = Table.longest(rows, most: 48) { $0.service }
    return Table(columns: [
      .init(
        "SERVICE", max(12, min(least, longestService)), most: longestService, sorted: sort == .service,
        isName: true,
        wide: { row, width in
          let style = context.style(.text, stale: row.isStale)
          let name = row.service.shown.truncatedInside(to: width, ellipsis: context.glyphs.ellipsis)
          return [Span(name, style)]
            + (row.isStale && context.staleSeconds == nil ? [Span(" (stale)", context.muted)] : [])
        }),
      .init(
        "TYPE", max(11, min(least, Table.longest(rows, most: 48) { $0.requestType })),
        most: Table.longest(rows, most: 60) { $0.requestType + ($0.version.map { "@" + $0 } ?? "") },
        sorted: sort == .type, isName: true, wide: { name($0, width: $1, context) }),
      .init(
        "TREND", 8, most: 40, .right, rank: 5,
        wide: { row, width in
          let trend = context.glyphs.sparkline(row.trend, width: width)
          return [Span(trend, context.style(.graphLow, stale: row.isStale))]
        }),
      .init("RPS", 5, .right, sorted: sort == .rate || sort == .worst) { row in
        let key: ThemeKey = row.requestsPerSecond > 0 ? .text : .muted
        return number(
          row, [Span(NumberText.short(row.requestsPerSecond), context.style(key, stale: row.isStale))])
      },
      .init("ERR%", 4, .right, sorted: sort == .errors) { row in
        number(row, percent(row, row.errorPercent, critical: 5, context))
      },
      .init("REJ%", 4, .right, rank: 2, sorted: sort == .rejected) { row in
        number(row, percent(row, row.rejectedPercent, critical: 20, context))
      },
      .init("FLY", 4, .right, rank: 7, sorted: sort == .inFlight) { row in
        let key: ThemeKey = row.inFlight > 0 ? .text : .muted
        return number(row, [Span(NumberText.short(row.inFlight), context.style(key, stale: row.isStale))])
      },
      .init("P50", 6, .right, rank: 3, sorted: sort == .p50) { latency($0, $0.p50) },
      .init("P95", 6, .right, rank: 4, sorted: sort == .p95) { latency($0, $0.p95) },
      .init("P99", 6, .right, rank: 1, sorted: sort == .p99) { latency($0, $0.p99) },
      .init("MAX", 6, .right, rank: 8, sorted: sort == .max) { row in
        [Span(TimeText.duration(microseconds: row.max), context.style(.text, stale: row.isStale))]
      },
    ])
  }

  /// `get_user@3.2.0`; where it does not fit the version goes first, but for functions of several versions. A name is cut in
  /// its middle: those that begin alike differ at their end.
  private func name(_ row: RequestRow, width: Int, _ context: PaneContext) -> [Span] {
    let type = row.requestType.shown
    let style = context.style(.title, stale: row.isStale)
    func cut(_ text: String, _ width: Int) -> String {
      text.truncatedInside(to: width, ellipsis: context.glyphs.ellipsis)
    }
    guard let version = row.version.map({ "@" + $0.shown }) else { return [Span(cut(type, width), style)] }
    let needed = DisplayWidth.of(type) + DisplayWidth.of(version)
    if needed <= width { return [Span(type, style), Span(version, context.muted)] }
    let isAmbiguous = rows.contains {
      $0.service == row.service && $0.requestType == row.requestType && $0.version != row.version
    }
    guard isAmbiguous, width >= 10 else { return [Span(cut(type, width), style)] }
    let short = version.truncated(to: width / 2, ellipsis: context.glyphs.ellipsis)
    let room = width - DisplayWidth.of(short)
    return [Span(cut(type, room), style), Span(short, context.muted)]
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    table(context).column(at: place, width: width, context)
  }
}

extension RequestSort {
  /// The column; nil for the usual order, which is that of none.
  var column: String? { self == .worst ? nil : self == .inFlight ? "fly" : label }

  /// - Parameter column: the trend is one of rates.
  init?(column: String) {
    guard let found = Self.allCases.first(where: { $0.column == (column == "trend" ? "rps" : column) }) else {
      return nil
    }
    self = found
  }

  /// As the title shows it.
  package var label: String {
    switch self {
    case .worst: "worst"
    case .service: "service"
    case .type: "type"
    case .rate: "rps"
    case .errors: "err%"
    case .rejected: "rej%"
    case .inFlight: "in flight"
    case .p50: "p50"
    case .p95: "p95"
    case .p99: "p99"
    case .max: "max"
    }
  }
}

extension RequestsPane {
  static var empty: [RequestRow] { [] }

  static func content(_ source: PaneSource) -> [RequestRow] {
    source.views.requests(source.model, source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = Self.arranged(content.requests, [], id: \.id, content, state)
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(FunctionDetail(id: id)) }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }.map(text)
  }

  func searchTexts(_ state: ScreenState) -> [String] { rows.map { text($0).shown } }

  private func text(_ row: RequestRow) -> String {
    "\(row.service) \(row.requestType)" + (row.version.map { " \($0)" } ?? "")
      + " \(NumberText.short(row.requestsPerSecond))/s err \(NumberText.percent(row.errorPercent))%"
      + " p99 \(TimeText.duration(microseconds: row.p99))"
  }
}

extension ScreenContent {
  package var requests: [RequestRow] {
    get { self[RequestsPane.self] }
    set { self[RequestsPane.self] = newValue }
  }
}
