/// On small screens: which pane is shown, and the digits of the others.
struct SwitcherBar {
  var focus: PaneKind
  var theme: Theme

  func draw(into grid: inout Grid, rect: Rect) {
    let named = PaneKind.allCases.reduce(0) { $0 + $1.title.count + 3 }
    var x = rect.x + 1
    for pane in PaneKind.allCases {
      let isFocused = pane == focus
      var text = String(pane.rawValue)
      if isFocused || named < rect.width { text += " " + pane.title }
      var style = theme.style(isFocused ? .title : .muted, bold: isFocused)
      style.isUnderlined = isFocused
      x += grid.draw(text, at: x, rect.y, width: rect.maxX - x, style) + 1
    }
  }
}
