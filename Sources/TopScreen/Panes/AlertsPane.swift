import OutsideText
import TopModel

/// The rules: firing ones first.
struct AlertsPane: Pane {
  static let title: StaticString = "Alerts"
  static var hasOwnPast: Bool { true }
  static let narrowedBy: Set<String> = []
  static let columnNames = ["rule", "what", "now", "since"]

  static var sortColumns: [SortColumn] { sortKeys.map(\.column) }

  static let sortKeys: [SortKey<AlertRow>] = [
    .name("rule") { $0.rule }, .name("what") { $0.subject },
    .number("now") { $0.value.map { SortValue(measured: $0) } ?? .none },
    // The latest first.
    .number("since") { SortValue($0.since) },
  ]

  var rows: [AlertRow]

  init(rows: [AlertRow]) {
    // Sorted by what asks for attention; otherwise as the rules stand in the configuration.
    self.rows =
      rows.filter(\.isFiring) + rows.filter { !$0.isFiring && $0.isOn }
      + rows.filter { !$0.isFiring && !$0.isOn }
  }

  var rowIDs: RowIDs { RowIDs(rows.map(\.id)) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    let firing = rows.count(where: \.isFiring)
    if firing > 0 {
      // As bad as the worst of them.
      let isCritical = rows.contains { $0.isFiring && $0.isCritical }
      let glyph = isCritical ? context.glyphs.critical : context.glyphs.warning
      return [Span("\(glyph) \(firing) firing", context.style(isCritical ? .critical : .warn, bold: true))]
    }
    return [Span("\(context.glyphs.check) all quiet", context.style(.ok))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    guard rows.isEmpty else { return nil }
    return context.settings.moment == .live ? "no alert rules" : "at this moment no rule was watched yet"
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    table(width: rect.width, context).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    table(width: width, context).column(at: place, width: width, context)
  }

  /// A rule can be guessed from so much of it.
  private static let leastRule = 6
  /// Of what is longer than this the middle gives way before a column goes.
  private static let enough = 16

  private func table(width: Int, _ context: PaneContext) -> Table<AlertRow> {
    // What a rule holds for tells one row from the next: it has its room first. Rules repeat, and of them the middle gives way; where that
    // is not enough, since when goes: the page has it.
    let longestValue = Table.longest(rows, most: 7) { $0.value }
    let room = width - longestValue - 5 - 7
    let subjects = AlertSubjectTexts(rows, room: room - Self.leastRule)
    let value = subjects.longest <= room - Self.leastRule ? longestValue : min(6, longestValue)
    let longest = min(60, subjects.longest)
    let least = min(longest, max(room - Self.leastRule, Self.enough))
    let rule = max(Self.leastRule, min(Table.longest(rows, most: 16) { $0.rule }, room - least))
    let columns: [Table<AlertRow>.Column] = [
      .init("", 1) { row in [Span(symbol(row, context), style(row, context))] },
      .init("RULE", rule, most: Table.longest(rows, most: 60) { $0.rule }, isName: true) { row in
        [Span(row.rule.shown, !row.isOn ? context.muted : context.style(.title))]
      },
      .init("WHAT", least, most: longest, isName: true) { row in
        [Span(subjects[row], !row.isOn ? context.muted : context.text)]
      },
      .init("NOW", value, most: Table.longest(rows, most: 24) { $0.value }, .right) { row in
        [Span(row.value?.shown ?? context.glyphs.dash, style(row, context))]
      },
      .init("SINCE", 5, .right, rank: 1) { row in
        let isOn = row.isOn
        return [Span(isOn ? row.since.map(context.age(of:)) ?? "" : "", context.muted)]
      },
    ]
    return Table(columns: columns)
  }

  private func symbol(_ row: AlertRow, _ context: PaneContext) -> String {
    if row.isFiring { return row.isCritical ? context.glyphs.critical : context.glyphs.warning }
    return row.isOn ? context.glyphs.half : context.glyphs.check
  }

  private func style(_ row: AlertRow, _ context: PaneContext) -> Style {
    if row.isFiring { return context.style(row.isCritical ? .critical : .warn, bold: true) }
    return row.isOn ? context.style(.warn) : context.muted
  }
}

extension AlertRow {
  /// The condition holds, though maybe not yet for as long as the rule asks.
  var isOn: Bool { isFiring || since != nil }
}

extension AlertsPane {
  static var empty: [AlertRow] { [] }

  static func content(_ source: PaneSource) -> [AlertRow] {
    source.model.alertRows(source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    self.init(rows: content.alerts)
    rows = Self.arranged(rows, Self.sortKeys, id: \.id, content, state)
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(AlertDetail(id: id)) }

  func cause(of id: ByteText) -> DetailDialog.Subject? {
    rows.first { $0.id == id }?.subject == nil ? nil : .init(AlertCauseDetail(id: id))
  }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }.map { text($0, state) }
  }

  func searchTexts(_ state: ScreenState) -> [String] { rows.map { text($0, state).shown } }

  private func text(_ row: AlertRow, _ state: ScreenState) -> String {
    let since = row.since.map { " since " + TimeText.clock($0, offset: state.clockOffset) } ?? ""
    return row.rule.string + (row.subject.map { " \($0)" } ?? "") + (row.value.map { " \($0)" } ?? "")
      + (row.isFiring ? " firing" : "") + since
  }
}

extension ScreenContent {
  package var alerts: [AlertRow] {
    get { self[AlertsPane.self] }
    set { self[AlertsPane.self] = newValue }
  }
}
