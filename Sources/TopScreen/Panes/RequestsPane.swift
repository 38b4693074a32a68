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
  static var hints: [(command: Command, label: String)] {
    [(.open, "Details"), (.group, "Group"), (.sort, "Sort")]
  }
  static var sumsFunctions: Bool { true }
  static var sortColumns: [SortColumn] {
    var seen: Set<String> = []
    return RequestGrouping.allCases.flatMap(\.sortColumns).filter { seen.insert($0.name).inserted }
  }
  var sortable: [SortColumn] { (groups?.grouping ?? .functions).sortColumns }

  /// Functions.
  var rows: RequestRows
  /// What stands in their place; nil while functions do.
  var groups: RequestGroups?
  /// Since the gateways started, also before they were watched.
  var requests: Int64 = 0

  private var isEmpty: Bool { groups?.rows.isEmpty ?? rows.isEmpty }
  /// Those of which a number is red, of what is shown.
  private var troubled: Int { groups?.rows.count { $0.numbers.trouble > 1 } ?? rows.troubled }
  /// A row stands above busier ones for what is not worth a warning, as rows do that fail a little.
  private var hasMildTrouble: Bool { (groups?.rows.first?.numbers ?? rows.first)?.trouble ?? 0 > 0 }
  var rowIDs: RowIDs { groups.map { RowIDs($0.rows.map(\.id)) } ?? rows.ids }
  var headLines: Int { 1 }
  var narrows: Set<String> {
    isFromEvents ? EventsPane.narrowedBy.union(["trace", "version"]) : Self.narrowedBy
  }
  var sumsFunctions: Bool { !isFromEvents && groups?.grouping != .nodes }

  private var isFromEvents: Bool { if case .events? = groups?.source { true } else { false } }

  func subtitle(_ context: PaneContext) -> [Span] {
    guard let groups else { return [Span(context.window, context.muted)] }
    let name = Span(groups.grouping.label, context.style(.accent))
    // What only events tell is of those that are kept, and no more than that is said.
    guard case .events(let requests, let seconds) = groups.source else {
      return [name, Span(" " + context.window, context.muted)]
    }
    let text =
      context.width >= 60
      ? "from \(NumberText.short(requests)) events, \(TimeText.age(seconds: Int64(seconds)))"
      : "events, \(TimeText.age(seconds: Int64(seconds)))"
    return [name, Span(" " + text, context.style(.warn))]
  }

  func fact(_ context: PaneContext) -> [Span] {
    guard !isEmpty else { return [] }
    let sort = context.settings.requestSort
    let isRising = (sort == .service || sort == .type) != context.settings.isSortReversed
    let arrow = isRising ? context.glyphs.ascending : context.glyphs.descending
    if context.changes != nil, context.sort?.column == RowChange.column {
      let changed = rowIDs.count { context.changes?[$0]?.parts.isEmpty == false }
      return [Span("\(changed) changed", context.style(.accent))]
    }
    if sort == .worst, !context.settings.isSortReversed {
      let troubled = troubled
      // The usual order needs a word only where it moved something.
      return troubled == 0
        ? [Span(hasMildTrouble ? "trouble first, then busiest" : "busiest first", context.muted)]
        : [Span("\(context.glyphs.warning) \(troubled) in trouble", context.style(.warn, bold: true))]
    }
    let name = sort.column(in: groups?.grouping ?? .functions) ?? sort.label
    return [Span("sort ", context.muted), Span("\(name) \(arrow)", context.style(.accent))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    guard isEmpty else { return nil }
    if isFromEvents { return reason("no request has ended among the events that are kept", context) }
    // What its gateway runs itself is in no row.
    if groups?.grouping == .nodes { return reason("no request ran on a service node", context) }
    return reason(
      requests > 0
        ? "no requests while it is watched; \(NumberText.short(requests)) before" : "no requests yet",
      context)
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    if let groups {
      return table(groups, context).draw(
        groups.rows, ids: rowIDs, into: &grid, rect: rect, context: grouped(context, groups))
    }
    table(context).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    guard let groups else { return table(context).column(at: place, width: width, context) }
    return table(groups, context).column(at: place, width: width, grouped(context, groups))
  }
}

extension RequestSort {
  /// The column; nil for the usual order, which is that of none.
  var column: String? { self == .worst ? nil : self == .inFlight ? "fly" : label }

  /// - Parameter column: the trend is one of rates.
  init?(column: String) {
    // Of groups the first column is what they are called by.
    let isName = RequestGrouping.allCases.contains { $0.nameColumn == column }
    let name = column == "trend" ? "rps" : isName ? "service" : column
    guard let found = Self.allCases.first(where: { $0.column == name }) else { return nil }
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
    case .failovers: "over%"
    case .inFlight: "in flight"
    case .p50: "p50"
    case .p95: "p95"
    case .p99: "p99"
    case .max: "max"
    }
  }
}

extension RequestsPane {
  static var empty: RequestsContent { RequestsContent() }

  static func content(_ source: PaneSource) -> RequestsContent {
    var content = ScreenContent()
    load(&content, source)
    return content[Self.self]
  }

  static func load(_ content: inout ScreenContent, _ source: PaneSource) {
    guard source.settings.requestGrouping != .functions else {
      content.functionRows = source.views.requests(source.model, source.settings)
      return
    }
    let (groups, isComplete) = source.views.requestGroups(
      source.model, source.settings, lookingThrough: source.most)
    content.requestGroups = groups
    content.isSearching = content.isSearching || !isComplete
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    requests = content.header.requests
    let grouping = state.settings.requestGrouping
    guard grouping != .functions else {
      // Rows are put in order here only by how they changed: all else the model does, without making them.
      let arranged =
        state.sort(of: .requests)?.column == RowChange.column
        ? RequestRows(Self.arranged(content.requests, [], id: \.id, content, state)) : content.functionRows
      // Requests for functions that do not exist are none of the functions that are: only while there are any they have a row.
      rows = arranged.hiding(service: RequestRow.unsupported) { !$0.hasEnded && $0.requestsPerSecond == 0 }
      return
    }
    rows = RequestRows()
    let known = content.requestGroups.flatMap { $0.grouping == grouping ? $0 : nil }
    var groups = known ?? RequestGroups(grouping)
    groups.rows = Self.arranged(groups.rows, [], id: \.id, content, state).filter {
      !($0.numbers.isUnsupported && (grouping == .services || grouping == .versions))
        || $0.numbers.hasEnded || $0.numbers.requestsPerSecond > 0
    }
    self.groups = groups
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? {
    guard groups != nil else { return .init(FunctionDetail(id: id)) }
    return group(id).flatMap(subject)
  }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    groups == nil ? rows.row(id).map { text($0) } : group(id).map { text($0) }
  }

  func searchTexts(_ state: ScreenState) -> [String] {
    groups?.rows.map { text($0).shown } ?? rows.map { text($0).shown }
  }

  private func text(_ row: RequestRow) -> String {
    "\(row.service) \(row.requestType)" + (row.version.map { " \($0)" } ?? "") + text(numbers: row)
  }

  func text(numbers row: RequestRow) -> String {
    if row.isStale { return " stale" }
    return " \(NumberText.short(row.requestsPerSecond))/s err \(NumberText.percent(row.errorPercent))%"
      + " p99 \(TimeText.duration(microseconds: row.p99))"
  }
}

/// What the requests pane shows: functions, or what they are grouped by.
struct RequestsContent: Equatable, Sendable {
  var functions = RequestRows()
  var groups: RequestGroups?
}

extension ScreenContent {
  var functionRows: RequestRows {
    get { self[RequestsPane.self].functions }
    set { self[RequestsPane.self].functions = newValue }
  }

  /// All rows of functions, made for whoever asks.
  package var requests: [RequestRow] {
    get { Array(functionRows) }
    set { functionRows = RequestRows(newValue) }
  }

  package var requestGroups: RequestGroups? {
    get { self[RequestsPane.self].groups }
    set { self[RequestsPane.self].groups = newValue }
  }

  /// Functions, for the pages that tell of them, where the pane shows none.
  mutating func loadFunctions(_ source: PaneSource) {
    if functionRows.isEmpty { functionRows = source.views.requests(source.model, source.settings) }
  }
}
