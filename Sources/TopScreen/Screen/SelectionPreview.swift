import TopModel

/// The details of the selected row, beside or below a zoomed list where there is room: one sees what Enter would
/// open while one walks through the rows.
struct SelectionPreview {
  /// nil when nothing is selected.
  var subject: DetailDialog.Subject?
  var content: ScreenContent

  /// A frame, and enough lines to be worth it.
  static let leastHeight = 9

  /// Cuts a zoomed pane's place into one for the rows, all of which fit, and one below; nil when there is too
  /// little room for both.
  static func split(_ rect: Rect, for pane: any Pane) -> (list: Rect, preview: Rect)? {
    let wanted = max(pane.wantedLines(width: rect.width - 2), 3) + 2
    guard rect.height - wanted >= leastHeight else { return nil }
    var list = rect
    list.height = wanted
    return (list, rect.from(row: wanted))
  }

  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    guard let subject else {
      grid.box(rect, border: context.style(.border), glyphs: context.glyphs)
      return
    }
    let page = DetailPage(
      DetailDialog(subject), content: content, context: context, width: max(30, rect.width - 4))
    let isCut = page.lines.count > rect.height - 2
    let hint = isCut ? "Enter scrolls" : "Enter follows"
    let inside = grid.box(
      rect, border: context.style(.border),
      left: [Span(page.title, context.style(.title, bold: true))],
      right: [Span(hint, context.muted)], glyphs: context.glyphs)
    for (row, line) in page.lines.prefix(inside.height).enumerated() {
      grid.draw(
        line, at: inside.x + 1, inside.y + row, width: inside.width - 2, ellipsis: context.glyphs.ellipsis)
    }
  }
}
