/// On small screens: which pane is shown, and the digits of the others.
struct SwitcherBar {
  var focus: PaneKind
  var theme: Theme

  func draw(into grid: inout Grid, rect: Rect) {
    for (pane, x, text) in Self.entries(width: rect.width, focus: focus) {
      let isFocused = pane == focus
      var style = theme.style(isFocused ? .title : .muted, bold: isFocused)
      style.isUnderlined = isFocused
      grid.draw(text, at: rect.x + x, rect.y, width: rect.width - x, style)
    }
  }

  /// The pane whose entry is at a column.
  static func pane(at column: Int, width: Int, focus: PaneKind) -> PaneKind? {
    entries(width: width, focus: focus).last { $0.x <= column && column < $0.x + $0.text.count }?.pane
  }

  /// A pane without a digit has only its name.
  private static func label(_ pane: PaneKind, isNamed: Bool) -> String {
    let digit = pane.digit.map(String.init)
    return isNamed || digit == nil
      ? [digit, pane.title].compactMap(\.self).joined(separator: " ") : digit ?? ""
  }

  /// All titles where they fit, else only the digits and the title of the pane that is shown.
  private static func entries(width: Int, focus: PaneKind) -> [(pane: PaneKind, x: Int, text: String)] {
    let named = PaneKind.allCases.reduce(0) { $0 + label($1, isNamed: true).count + 1 }
    var x = 1
    return PaneKind.allCases.map { pane in
      let text = label(pane, isNamed: pane == focus || named < width)
      defer { x += text.count + 1 }
      return (pane, x, text)
    }
  }
}
