import TopModel

extension LatencyPane {
  /// What happened, on the line of times; the mark, which everything is compared with, over it.
  func drawMarks(into grid: inout Grid, plot: Rect, y: Int, context: PaneContext) {
    let length = Int64(view.windowSeconds) * 1_000_000
    func place(_ glyph: String, at moment: Int64, _ style: Style) {
      let back = context.at.saturatingSubtract(moment)
      guard back >= 0, back < length, plot.width > 0 else { return }
      let column = plot.maxX - 1 - Int(back * Int64(plot.width) / length)
      grid.draw(glyph, at: max(plot.x, column), y, width: 1, style)
    }
    // The latest lies over the others.
    for mark in marks.reversed() {
      let key: ThemeKey = mark.kind == .config ? .accent : mark.kind == .connection ? .warn : .critical
      place(Self.symbol(mark.kind), at: mark.at, context.style(key, bold: true))
    }
    if let mark = context.mark { place("◆", at: mark, context.style(.accent, bold: true)) }
  }

  static func symbol(_ kind: TimeMark.Kind) -> String {
    switch kind {
    case .alert: "▲"
    case .config: "+"
    case .breaker: "○"
    case .connection: "↻"
    }
  }
}
