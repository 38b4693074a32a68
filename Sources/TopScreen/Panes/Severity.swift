import TopModel

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

  /// A duration that is red from `RequestRow.slowUs` on, and `usual` below.
  static func duration(_ microseconds: Int64?, usual: ThemeKey = .text) -> ThemeKey {
    microseconds ?? 0 >= RequestRow.slowUs ? .critical : usual
  }

  /// Refusals a second that are red, which is where the alert of every limit begins to fire; fewer are yellow.
  static func refusals(perSecond: Double) -> ThemeKey {
    perSecond > 5 ? .critical : perSecond > 0 ? .warn : .text
  }

  /// A part of all that is red from 5 % on, as a function's errors are; a smaller one is yellow.
  static func failures(_ failed: Int64, of all: Int64) -> ThemeKey {
    failed <= 0 ? .muted : Double(failed) * 20 >= Double(max(all, failed)) ? .critical : .warn
  }

  /// The colour of how full something is.
  static func level(_ fraction: Double) -> ThemeKey {
    fraction >= 0.95 ? .critical : fraction >= 0.75 ? .warn : .ok
  }
}
