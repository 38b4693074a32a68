import TopModel

/// Where a dialog and its rows are on the screen, for the mouse: the counterpart of `DialogView`.
struct DialogRectangles {
  let frame: Rect
  /// The list of rows that can be chosen.
  private let list: Rect
  private let offset: Int
  private let count: Int

  /// - Parameter page: the lines of a detail dialog.
  init(_ dialog: Dialog, page: DetailPage?, size: ScreenSize) {
    let wanted = DialogView.wanted(dialog, page: page)
    frame = DialogView.frame(width: wanted.width, height: wanted.height, in: size)
    let inside = frame.inset(horizontally: 2, vertically: 1)
    let selected: Int
    switch dialog {
    case .help:
      (list, selected, count) = (inside.from(row: 2), 0, 0)
    case .palette(let palette):
      (list, selected, count) = (inside.from(row: 2), palette.selected, palette.matches.count)
    case .picker(let picker):
      (list, selected, count) = (inside.from(row: 2), picker.selected, picker.shown.count)
    case .detail(let detail):
      let first = page?.firstSelectable ?? 0
      count = page?.selectable ?? 0
      list = inside
      // The rows that can be chosen come after others.
      offset =
        ListState.offset(
          from: 0, showing: first + detail.selected, count: page?.lines.count ?? 0, height: inside.height)
        - first
      return
    }
    offset = ListState.offset(from: 0, showing: selected, count: count, height: list.height)
  }

  /// The number of the row on a line of the screen; nil when there is none.
  func row(at line: Int) -> Int? {
    guard line >= list.y, line < list.maxY else { return nil }
    let row = line - list.y + offset
    return row >= 0 && row < count ? row : nil
  }
}
