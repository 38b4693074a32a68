/// The rules: firing ones first.
struct AlertsPane: Pane {
  var rows: [AlertLine]

  var kind: PaneKind { .alerts }
  var rowIDs: [String] { rows.map(\.id) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    let firing = rows.count { $0.state == .firing }
    if firing > 0 {
      return [Span("\(context.glyphs.critical) \(firing) firing", context.style(.critical, bold: true))]
    }
    return [Span("\(context.glyphs.check) all quiet", context.style(.ok))]
  }

  func emptyReason(_ context: PaneContext) -> String? { rows.isEmpty ? "no alert rules" : nil }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let columns: [Table<AlertLine>.Column] = [
      .init("", 1) { row in [Span(symbol(row, context), style(row, context))] },
      .init("RULE", 16, most: 60) { row in
        [Span(row.rule.sanitised, row.state == .quiet ? context.muted : context.style(.title))]
      },
      .init("WHAT", 8, most: 24, rank: 2) { row in
        [Span(row.subject?.sanitised ?? "", row.state == .quiet ? context.muted : context.text)]
      },
      .init("NOW", 7, most: 10, .right, rank: 1) { row in
        [Span(row.value?.sanitised ?? context.glyphs.dash, style(row, context))]
      },
      .init("SINCE", 5, .right, rank: 3) { row in
        let isOn = row.state != .quiet
        return [Span(isOn ? row.since.map(context.age(of:)) ?? "" : "", context.muted)]
      },
    ]
    Table(columns: columns).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  private func symbol(_ row: AlertLine, _ context: PaneContext) -> String {
    switch row.state {
    case .quiet: context.glyphs.check
    case .pending: context.glyphs.half
    case .firing: row.isCritical ? context.glyphs.critical : context.glyphs.warning
    }
  }

  private func style(_ row: AlertLine, _ context: PaneContext) -> Style {
    switch row.state {
    case .quiet: context.muted
    case .pending: context.style(.warn)
    case .firing: context.style(row.isCritical ? .critical : .warn, bold: true)
    }
  }
}
