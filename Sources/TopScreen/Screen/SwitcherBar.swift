import TopModel

/// Where not all panes are on the screen: which there are, their digits, and what is wrong in each.
struct SwitcherBar {
  var focus: PaneKind
  var troubles = Troubles()
  var theme: Theme
  var glyphs = GlyphSet.unicode

  func draw(into grid: inout Grid, rect: Rect) {
    for entry in entries(width: rect.width) {
      let isFocused = entry.pane == focus
      var style = theme.style(isFocused ? .title : .muted, bold: isFocused)
      style.isUnderlined = isFocused
      let spans = [Span(entry.text, style)] + (entry.mark.map { [Span(" "), $0] } ?? [])
      grid.draw(spans, at: rect.x + entry.x, rect.y, width: rect.width - entry.x, ellipsis: glyphs.ellipsis)
    }
  }

  /// The pane whose entry is at a column.
  func pane(at column: Int, width: Int) -> PaneKind? {
    entries(width: width).last { $0.x <= column && column < $0.x + $0.width }?.pane
  }

  private struct Entry {
    var pane: PaneKind
    var text: String
    var mark: Span?
    var x = 0

    var width: Int { DisplayWidth.of(text) + (mark.map { DisplayWidth.of($0.text) + 1 } ?? 0) }
  }

  /// With their titles where they fit, else shortened ones, else only the digits and the title of the pane with the keys.
  private func entries(width: Int) -> [Entry] {
    let names: [(PaneKind) -> String] = [
      { self.label($0, $0.title) }, { self.label($0, $0.shortTitle) },
      { self.label($0, $0 == self.focus || $0.digit == nil ? $0.title : "") },
    ]
    var chosen: [Entry] = []
    for name in names {
      chosen = PaneKind.allCases.map { Entry(pane: $0, text: name($0), mark: mark(of: $0)) }
      if chosen.reduce(1, { $0 + $1.width + 2 }) <= width { break }
    }
    let gap = chosen.reduce(1) { $0 + $1.width + 2 } <= width ? 2 : 1
    var x = 1
    for index in chosen.indices {
      chosen[index].x = x
      x += chosen[index].width + gap
    }
    return chosen
  }

  private func label(_ pane: PaneKind, _ title: String) -> String {
    [pane.digit.map(String.init), title.isEmpty ? nil : title].compactMap(\.self).joined(separator: " ")
  }

  /// What is wrong in a pane, in a few columns; nil when nothing is.
  private func mark(of pane: PaneKind) -> Span? {
    func span(_ glyph: String, _ text: String, _ key: ThemeKey) -> Span {
      Span(glyph + text, theme.style(key, bold: true))
    }
    func count(_ glyph: String, _ number: Int, _ key: ThemeKey) -> Span? {
      number > 0 ? span(glyph, NumberText.short(number), key) : nil
    }
    switch pane {
    case .requests: return count(glyphs.warning, troubles.functions, .critical)
    case .limits:
      let rate = troubles.refusedPerSecond
      return rate > 0 ? span(glyphs.warning, "\(NumberText.short(rate))/s", .warn) : nil
    case .circuits:
      return count(glyphs.down, troubles.openBreakers + troubles.fullPools, .critical)
        ?? count(glyphs.half, troubles.halfOpenBreakers, .warn)
    case .configs:
      return count(glyphs.differs, troubles.differing, .critical)
        ?? count(glyphs.cross, troubles.failedConfigs, .warn)
    case .nodes:
      return count(glyphs.down, troubles.down, .critical) ?? count(glyphs.half, troubles.unready, .warn)
    case .alerts: return count(glyphs.critical, troubles.firing, .critical)
    case .latency, .relay, .events: return nil
    }
  }
}
