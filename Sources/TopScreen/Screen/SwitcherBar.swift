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
      let spans = [Span(entry.text, style)] + (entry.mark.map { [Span(entry.gap), $0] } ?? [])
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
    /// Between text and mark.
    var gap = " "
    var x = 0

    var width: Int { DisplayWidth.of(text) + (mark.map { DisplayWidth.of(gap + $0.text) } ?? 0) }
  }

  /// How the entries are written: what they are called, and the blanks within and between them.
  private typealias Form = (title: (PaneKind) -> String, inside: String, between: Int)

  /// With their titles where they fit, else shortened ones, with fewer blanks where they must; else only the digits and the title of the
  /// pane with the keys.
  private func entries(width: Int) -> [Entry] {
    let digits: (PaneKind) -> String = { $0 == focus || $0.digit == nil ? $0.title : "" }
    let forms: [Form] = [
      (\.title, " ", 2), (\.shortTitle, " ", 2), (\.shortTitle, " ", 1), (\.shortTitle, "", 1),
      (digits, " ", 2),
    ]
    var chosen: [Entry] = []
    var gap = 1
    for form in forms {
      chosen = PaneKind.allCases.map { pane in
        Entry(
          pane: pane, text: label(pane, form.title(pane), form.inside), mark: mark(of: pane), gap: form.inside
        )
      }
      guard chosen.reduce(1, { $0 + $1.width + form.between }) - form.between <= width else { continue }
      gap = form.between
      break
    }
    var x = 1
    for index in chosen.indices {
      chosen[index].x = x
      x += chosen[index].width + gap
    }
    return chosen
  }

  private func label(_ pane: PaneKind, _ title: String, _ blank: String) -> String {
    [pane.digit.map(String.init), title.isEmpty ? nil : title].compactMap(\.self).joined(separator: blank)
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
    case .alerts:
      return troubles.firesCritical
        ? count(glyphs.critical, troubles.firing, .critical) : count(glyphs.warning, troubles.firing, .warn)
    case .latency, .relay, .events: return nil
    }
  }
}
