import OutsideText
import TopModel

extension LatencyPane {
  /// What the shades mean, or which cell is looked at: below the times, where there is room.
  static func legendLines(_ height: Int) -> Int { height >= 7 ? 1 : 0 }

  /// The map and where it lies; nil where there is none.
  func heatMap(in rect: Rect, context: PaneContext) -> (map: HeatMap, plot: Rect)? {
    let legend = Self.legendLines(rect.height)
    let plot = Rect(
      x: rect.x + Self.axisWidth, y: rect.y, width: rect.width - Self.axisWidth - 1,
      height: rect.height - 1 - legend - marksLines(rect, context: context))
    return HeatMap(view, height: plot.height, keeping: cursor?.durations).map { ($0, plot) }
  }

  func drawHeatMap(into grid: inout Grid, rect: Rect, context: PaneContext) {
    guard let (map, plot) = heatMap(in: rect, context: context) else { return }
    let cursor = cursor.map(map.place)
    for (line, row) in map.lines.enumerated() {
      // The highest at the top.
      let y = plot.y + plot.height - 1 - line
      let isLabelled = line == 0 || map.lines[line - 1] != row
      if isLabelled {
        // From here on: a row has all up to the next one.
        let low = map.durations(row).lowerBound
        let label = (low > 0 ? context.glyphs.atLeast : "") + TimeText.round(microseconds: low)
        let style = cursor?.row == row ? context.style(.accent, bold: true) : context.muted
        grid.draw(label, at: rect.x, y, width: Self.axisWidth - 2, style, .right)
      }
      grid.place(
        isLabelled ? context.glyphs.tick : context.glyphs.vertical, width: 1, at: plot.x - 1, y,
        context.style(.border))
      for column in 0..<plot.width {
        let place = HeatMap.Place(slot: map.slot(column: column, width: plot.width), row: row)
        let count = map.count(place)
        if count > 0 { draw(map.heat(count), into: &grid, at: plot.x + column, y, context) }
        guard place == cursor else { continue }
        var style = context.style(.accent, bold: true)
        style.isReversed = true
        grid.place(count > 0 ? "+" : " ", width: 1, at: plot.x + column, y, style)
      }
    }
    let legend = Self.legendLines(rect.height)
    let axis = rect.maxY - 1 - legend
    drawTimeAxis(into: &grid, plot: plot, y: axis, context: context)
    if let cursor {
      let y = rect.maxY - 1
      grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), context.theme.base)
      grid.draw(
        told(cursor, of: map, width: rect.width - 2, context), at: rect.x + 1, y, width: rect.width - 2,
        ellipsis: context.glyphs.ellipsis)
    } else if legend > 0 {
      drawLegend(of: map, into: &grid, plot: plot, y: rect.maxY - 1, context: context)
    }
  }

  private func draw(_ heat: Double, into grid: inout Grid, at x: Int, _ y: Int, _ context: PaneContext) {
    let style = view.isStale ? context.muted : context.theme.gradient(.heatLow, .heatMiddle, .heatHigh, heat)
    grid.place(context.glyphs.shades[min(3, Int(heat * 4))], width: 1, at: x, y, style)
  }

  /// `░ 1  ▒ 8  ▓ 30  █ 68 requests in a cell of 1s`.
  private func drawLegend(
    of map: HeatMap, into grid: inout Grid, plot: Rect, y: Int, context: PaneContext
  ) {
    var spans: [Span] = []
    for step in map.steps(shades: 4) {
      let heat = map.heat(step.from)
      let style =
        view.isStale ? context.muted : context.theme.gradient(.heatLow, .heatMiddle, .heatHigh, heat)
      let shade = String(repeating: String(context.glyphs.shades[step.shade]), count: 2)
      spans += [Span(shade, style), Span(" \(NumberText.short(step.from))  ", context.text)]
    }
    let seconds = map.view.seconds(of: map.view.slots.count - 1)
    let cell = TimeText.age(seconds: seconds.upperBound - seconds.lowerBound + 1)
    let what = "or more requests in a cell of \(cell)"
    let hint = context.isFocused ? "  \u{2191} goes to the slowest" : ""
    for text in [what + hint, what, "requests in \(cell)", "requests", ""] {
      let all = spans + [Span(text, context.muted)]
      guard all.displayWidth <= plot.width || text.isEmpty else { continue }
      grid.draw(all, at: plot.x, y, width: plot.width, ellipsis: context.glyphs.ellipsis)
      return
    }
  }

  /// `Enter opens 14 requests of 20ms to 30ms at 12:04:31`.
  private func told(
    _ cursor: HeatMap.Place, of map: HeatMap, width: Int, _ context: PaneContext
  ) -> [Span] {
    let count = map.count(cursor)
    let number = count > 0 ? NumberText.counted(Int(clamping: count), "request") : "no request"
    let spans = told(number, of: cursor, map, context)
    return spans.displayWidth <= width || count == 0
      ? spans : told(NumberText.short(count), of: cursor, map, context)
  }

  private func told(
    _ number: String, of cursor: HeatMap.Place, _ map: HeatMap, _ context: PaneContext
  ) -> [Span] {
    let count = map.count(cursor)
    return (count > 0 ? [Span("Enter ", context.style(.key, bold: true))] : []) + [
      Span(number, context.style(count > 0 ? .title : .muted, bold: count > 0)),
      Span(" of ", context.muted),
      Span(Self.durations(map.durations(cursor.row)), context.style(.accent, bold: true)),
      Span(" at ", context.muted),
      Span(Self.times(map.view.seconds(of: cursor.slot), context), context.text),
    ]
  }

  /// `12:04:31`; `12:04:30-44`; `12:04:58-12:05:02`.
  static func times(_ seconds: ClosedRange<Int64>, _ context: PaneContext) -> String {
    let times = [seconds.lowerBound, seconds.upperBound].map {
      TimeText.clock($0.saturatingMultiply(1_000_000), offset: context.clockOffset)
    }
    if times[0] == times[1] { return times[0] }
    let isOneMinute = times[0].dropLast(2) == times[1].dropLast(2)
    return times[0] + "-" + (isOneMinute ? String(times[1].suffix(2)) : times[1])
  }

  /// `20ms to 30ms`; `100s and more`.
  static func durations(_ durations: Range<Int64>) -> String {
    let low = TimeText.round(microseconds: durations.lowerBound)
    return durations.upperBound == .max
      ? "\(low) and more" : "\(low) to \(TimeText.round(microseconds: durations.upperBound))"
  }
}
