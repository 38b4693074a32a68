/// Numbers that turn yellow and red, with a symbol beside the colour.
enum Severity {
  /// `0.0`, `2.1`, `12.4`; bold when critical, so that colour is not all there is.
  static func percent(
    _ value: Double, warn: Double, critical: Double, stale: Bool, _ context: PaneContext
  ) -> [Span] {
    let text = NumberText.percent(value)
    if stale || value <= 0 { return [Span(text, context.muted)] }
    if value >= critical { return [Span(text, underlined(context.style(.critical, bold: true)))] }
    if value >= warn { return [Span(text, context.style(.warn, bold: true))] }
    return [Span(text, context.text)]
  }

  /// A dash for what is not known.
  static func percent(
    _ value: Double?, warn: Double, critical: Double, stale: Bool, _ context: PaneContext
  ) -> [Span] {
    guard let value else { return [Span(context.glyphs.dash, context.muted)] }
    return percent(value, warn: warn, critical: critical, stale: stale, context)
  }

  private static func underlined(_ style: Style) -> Style {
    var style = style
    style.isUnderlined = true
    return style
  }

  /// The colour of how full something is.
  static func level(_ fraction: Double) -> ThemeKey {
    fraction >= 0.95 ? .critical : fraction >= 0.75 ? .warn : .ok
  }
}
