import GenAPITelemetry
import OutsideText
import TopModel

/// Groups by type with active, pending and muted members, and their message rate.
struct RelayPane: Pane {
  static let title: StaticString = "Relay"
  static let told: StateField? = StateField("relay")
  static let narrowedBy: Set<String> = ["node", "user", "text"]
  static let columnNames = ["group", "type", "act", "pnd", "mut", "msg/s", "node"]

  static var sortColumns: [SortColumn] { sortKeys.map(\.column) }

  static let sortKeys: [SortKey<RelayRow>] = [
    .name("group") { $0.group.groupID }, .name("type") { $0.group.groupType },
    .number("act") { SortValue($0.group.active) }, .number("pnd") { SortValue($0.group.pending) },
    .number("mut") { SortValue($0.group.muted) }, .number("msg/s") { SortValue($0.messagesPerSecond) },
    .name("node") { $0.node },
  ]

  var rows: [RelayRow]

  var rowIDs: RowIDs { RowIDs(rows.map(\.id)) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    let rates = rows.filter { !$0.isStale || context.staleSeconds != nil }.compactMap(\.messagesPerSecond)
    let groups = NumberText.counted(rows.count, "group")
    guard !rates.isEmpty else { return [Span(groups, context.text)] }
    return [
      Span(groups + " ", context.text),
      Span("\(NumberText.short(rates.reduce(0, +))) msg/s", context.muted),
    ]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    rows.isEmpty ? reason("no relay groups", context) : nil
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    var table = table(context)
    table.isStale = { $0.isStale }
    table.draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    table(context).column(at: place, width: width, context)
  }

  private func table(_ context: PaneContext) -> Table<RelayRow> {
    let nodes = Set(rows.map(\.node)).count
    func count(_ row: RelayRow, _ value: Int, _ symbol: String, _ key: ThemeKey) -> [Span] {
      let style = row.isStale || value == 0 ? context.muted : context.style(key)
      return [Span(NumberText.short(value), style), Span(symbol, style)]
    }
    func counted(_ least: Int, _ path: KeyPath<GroupState, Int>) -> Int {
      Table.widest(rows, least: least, most: 6) { NumberText.short($0.group[keyPath: path]) + "x" }
    }
    var columns: [Table<RelayRow>.Column] = [
      .init("GROUP", 7, most: Table.longest(rows, most: 48) { $0.group.groupID }, isName: true) { row in
        [Span(row.group.groupID.shown, context.style(.title, stale: row.isStale))]
      },
      .init("TYPE", 7, most: 14, rank: 3) { row in
        let type = row.group.groupType == "strict_private" ? "strict" : row.group.groupType.shown
        return [Span(type, context.muted)]
      },
      .init("ACT", counted(4, \.active), .right) { count($0, $0.group.active, context.glyphs.up, .ok) },
      .init("PND", counted(3, \.pending), .right, rank: 1) {
        count($0, $0.group.pending, context.glyphs.pending, .warn)
      },
      .init("MUT", counted(3, \.muted), .right, rank: 1) {
        count($0, $0.group.muted, context.glyphs.muted, .critical)
      },
      .init("MSG/S", 5, .right, rank: 4) { row in
        let isQuiet = row.messagesPerSecond ?? 0 <= 0 || row.isStale
        let isOld = context.isOld(row.isStale)
        return [
          Span(
            NumberText.short(isOld ? nil : row.messagesPerSecond), isQuiet ? context.muted : context.text)
        ]
      },
    ]
    if nodes > 1 {
      columns.append(
        .init(
          "NODE", 4, most: Table.longest(rows, most: 24) { $0.node }, rank: context.changes == nil ? 2 : 0,
          isName: true
        ) { row in
          [Span(row.node.shown, context.muted)]
        }.beside(context.gateways + rows.prefix(500).map(\.node.shown)))
    }
    return Table(columns: columns)
  }
}

extension RelayPane {
  static var empty: [RelayRow] { [] }

  static func content(_ source: PaneSource) -> [RelayRow] {
    source.model.relay(source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = Self.arranged(content.relay, Self.sortKeys, id: \.id, content, state, isStale: \.isStale)
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(GroupDetail(id: id)) }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }.map(text)
  }

  func searchTexts(_ state: ScreenState) -> [String] { rows.map { text($0).shown } }

  private func text(_ row: RelayRow) -> String {
    "group \(row.group.groupID) on \(row.node): \(row.group.active) active, \(row.group.pending) pending, "
      + "\(row.group.muted) muted, \(NumberText.short(row.messagesPerSecond)) msg/s"
  }
}

extension ScreenContent {
  package var relay: [RelayRow] {
    get { self[RelayPane.self] }
    set { self[RelayPane.self] = newValue }
  }
}
