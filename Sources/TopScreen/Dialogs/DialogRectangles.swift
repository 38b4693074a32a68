import TopModel

/// Where a dialog and its rows are on the screen, for the mouse: the counterpart of `DialogView`.
struct DialogRectangles {
  let frame: Rect
  private let isDetail: Bool
  /// The list of rows that can be chosen.
  private let list: Rect
  private let offset: Int
  private let count: Int
  /// Of a page of details: the lines that lead further, by the number of their line.
  private var links: [Int: Int] = [:]

  /// - Parameters:
  ///   - page: the lines of a detail dialog.
  ///   - preview: where details stand beside or below a zoomed list.
  init(_ dialog: Dialog, page: DetailPage?, size: ScreenSize, preview: Rect? = nil) {
    let wanted = DialogView.wanted(dialog, page: page)
    isDetail = if case .detail = dialog { true } else { false }
    let over = DialogView.frame(width: wanted.width, height: wanted.height, in: size)
    frame = isDetail ? preview ?? over : over
    let inside = frame.inset(horizontally: 2, vertically: 1)
    let selected: Int
    switch dialog {
    case .help, .time:
      (list, selected, count) = (inside.from(row: 2), 0, 0)
    case .palette(let palette):
      (list, selected, count) = (inside.from(row: 2), palette.selected, palette.matches.count)
    case .picker(let picker):
      (list, selected, count) = (inside.from(row: 2), picker.selected, picker.shown.count)
    case .detail(let detail):
      count = page?.lines.count ?? 0
      list = inside
      offset = page.map { detail.shownOffset($0, height: inside.height) } ?? 0
      for (number, link) in (page?.links ?? []).enumerated() { links[link.line] = number }
      return
    }
    offset = ListState.offset(from: 0, showing: selected, count: count, height: list.height)
  }

  /// The number of the row on a line of the screen; nil when there is none.
  func row(at line: Int) -> Int? {
    guard line >= list.y, line < list.maxY else { return nil }
    let row = line - list.y + offset
    guard isDetail else { return row >= 0 && row < count ? row : nil }
    return links[row]
  }
}
