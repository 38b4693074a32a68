import TopModel

extension LatencyPane {
  /// In which of so many columns a moment lies; nil outside of the window.
  private func column(of moment: Int64, width: Int, _ context: PaneContext) -> Int? {
    let length = Int64(view.windowSeconds) * 1_000_000
    let back = context.at.saturatingSubtract(moment)
    guard back >= 0, back < length, width > 0 else { return nil }
    return max(0, width - 1 - Int(back * Int64(width) / length))
  }

  /// Whether anything is on the line of times: something that happened, or the mark.
  func hasMarks(_ context: PaneContext) -> Bool {
    context.mark.map { column(of: $0, width: 1, context) != nil } == true
      || marks.contains { column(of: $0.at, width: 1, context) != nil }
  }

  /// What happened within the window, with its column of so many, the latest first; the mark, which everything is compared
  /// with, before it.
  private func placedMarks(width: Int, context: PaneContext) -> [(column: Int, glyph: String, style: Style)] {
    var placed: [(column: Int, glyph: String, style: Style)] = []
    if let mark = context.mark, let column = column(of: mark, width: width, context) {
      placed.append((column, "◆", context.style(.accent, bold: true)))
    }
    for mark in marks {
      guard let column = column(of: mark.at, width: width, context) else { continue }
      let key: ThemeKey = mark.kind == .config ? .accent : mark.kind == .connection ? .warn : .critical
      placed.append((column, Self.symbol(mark.kind), context.style(key, bold: true)))
    }
    return placed
  }

  /// On a line of their own, or beside what is written there: the nearest column that is free.
  func drawMarks(
    into grid: inout Grid, plot: Rect, y: Int, context: PaneContext, taken: [Range<Int>]
  ) {
    // The latest lies over the others.
    for (column, glyph, style) in placedMarks(width: plot.width, context: context).reversed() {
      let wanted = plot.x + column
      let free = (0..<plot.width).lazy.flatMap { [wanted - $0, wanted + $0] }
        .first { x in x >= plot.x && x < plot.maxX && !taken.contains { $0.contains(x) } }
      if let free { grid.draw(glyph, at: free, y, width: 1, style) }
    }
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
