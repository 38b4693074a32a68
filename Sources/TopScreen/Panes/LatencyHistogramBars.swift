import TopModel

/// How many requests took how long, one bar a band, with the percentiles beside the band they fall into.
struct LatencyHistogramBars {
  var view: LatencyView

  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let used = view.histogram.indices.filter { view.histogram[$0] > 0 }
    guard let first = used.first, let last = used.last, rect.height > 0 else { return }
    let bands = last - first + 1
    let perRow = (bands + rect.height - 1) / rect.height
    let rows = (bands + perRow - 1) / perRow
    let counts = (0..<rows).map { row in
      (0..<perRow).reduce(Int64(0)) { sum, step in
        let band = first + row * perRow + step
        return sum.saturatingAdd(band <= last ? view.histogram[band] : 0)
      }
    }
    let highest = Double(counts.max() ?? 1)
    let total = max(1, counts.reduce(0.0) { $0 + Double($1) })
    let barWidth = max(1, rect.width - LatencyPane.axisWidth - 25)
    for row in 0..<rows {
      let y = rect.y + row
      let band = first + row * perRow
      guard view.bandBounds.indices.contains(band) else { continue }
      let next = band + perRow
      let upper = view.bandBounds.indices.contains(next) ? view.bandBounds[next] : Int64.max
      let label = TimeText.round(microseconds: view.bandBounds[band])
      grid.draw(label, at: rect.x, y, width: LatencyPane.axisWidth - 2, context.muted, .right)
      grid.place(
        context.glyphs.tick, width: 1, at: rect.x + LatencyPane.axisWidth - 1, y, context.style(.border))
      let bar = context.glyphs.bar(Double(counts[row]) / max(highest, 1), width: barWidth)
      let heat = rows > 1 ? Double(row) / Double(rows - 1) : 0
      let style =
        view.isStale
        ? context.muted
        : view.bandBounds[band] >= RequestRow.slowUs
          ? context.style(.critical) : context.theme.gradient(.graphLow, .graphMiddle, .graphMiddle, heat)
      let x = rect.x + LatencyPane.axisWidth
      grid.draw(bar.filled, at: x, y, width: barWidth, style)
      grid.draw(NumberText.short(counts[row]), at: x + barWidth, y, width: 6, context.text, .right)
      let share = NumberText.percent(Double(counts[row]) / total * 100) + "%"
      grid.draw(share, at: x + barWidth + 6, y, width: 7, context.muted, .right)
      grid.draw(
        marks(from: view.bandBounds[band], below: upper, context), at: x + barWidth + 14, y,
        width: rect.maxX - (x + barWidth + 14))
    }
  }

  private func marks(from low: Int64, below high: Int64, _ context: PaneContext) -> [Span] {
    let values: [(String, Int64?, ThemeKey)] = [
      ("p50 ", view.p50, .p50), ("p95 ", view.p95, .p95), ("p99 ", view.p99, .p99),
    ]
    return values.compactMap { name, value, key in
      guard let value, value >= low, value < high else { return nil }
      return Span(name, context.style(Severity.duration(value, usual: key), stale: view.isStale))
    }
  }
}
