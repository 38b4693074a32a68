import OutsideText
import TopModel

/// Draws a dialog in the middle of the screen, over the panes.
struct DialogView {
  var content: ScreenContent
  var keyMap: KeyMap
  var context: PaneContext
  /// Where details stand beside or below a zoomed list; nil where they lie over the panes.
  var preview: Rect?

  func draw(_ dialog: Dialog, into grid: inout Grid) {
    switch dialog {
    case .help(let help): drawHelp(help, into: &grid)
    case .palette(let palette): drawPalette(palette, into: &grid)
    case .picker(let picker): drawPicker(picker, into: &grid)
    case .detail(let detail): drawDetail(detail, into: &grid)
    case .time(let time): drawTime(time, into: &grid)
    }
  }

  /// How much a dialog would like to have inside.
  static func wanted(_ dialog: Dialog, page: DetailPage?) -> (width: Int, height: Int) {
    switch dialog {
    case .help: return (84, 200)
    case .palette: return (72, 20)
    case .time: return (60, 4)
    case .picker(let picker):
      let widest = picker.items.map { DisplayWidth.of($0.label.shown) }.max() ?? 0
      // What happened names what it happened to at its end.
      let most = picker.purpose == .mark ? 100 : 60
      return (min(most, max(46, widest + 4)), min(20, max(4, picker.items.count + 2)))
    case .detail:
      // A page whose longest line gets a digit more does not jump: it is as wide as a page may be where that is not much, else it
      // grows by steps.
      let (width, most) = (page?.width ?? 0, page?.available ?? 110)
      return (min(110, most < 90 ? most + 2 : max(60, (width + 9) / 10 * 10)), page?.lines.count ?? 0)
    }
  }

  /// The place of a dialog that would like to have this much inside.
  static func frame(width: Int, height: Int, in size: ScreenSize) -> Rect {
    let width = min(max(20, width + 4), max(1, size.width - (size.width >= 60 ? 4 : 0)))
    let height = min(max(3, height + 2), max(1, size.height - 2))
    return Rect(
      x: (size.width - width) / 2, y: max(0, (size.height - height) / 2), width: width, height: height)
  }

  /// What the lines of the help page have of a screen.
  static func helpRoom(in size: ScreenSize) -> (width: Int, height: Int) {
    let wanted = wanted(.help(HelpDialog()), page: nil)
    let frame = frame(width: wanted.width, height: wanted.height, in: size)
    return (max(1, frame.width - 4), max(0, frame.height - 4))
  }

  /// A frame with a title; returns what is inside, a blank at each side.
  private func open(
    _ title: String, _ wanted: (width: Int, height: Int), hint: String, into grid: inout Grid,
    place: Rect? = nil
  ) -> Rect {
    let size = ScreenSize(width: grid.width, height: grid.height)
    let rect = place ?? Self.frame(width: wanted.width, height: wanted.height, in: size)
    grid.fill(rect, context.theme.base)
    let inside = grid.box(
      rect, border: context.style(.borderFocused),
      left: [Span(" " + title, context.style(.title, bold: true))],
      right: [Span(hint, context.muted)], glyphs: context.glyphs)
    return inside.inset(horizontally: 1)
  }

  private func drawScrolled(_ lines: [[Span]], offset: Int, into grid: inout Grid, rect: Rect) {
    let offset = max(0, min(offset, lines.count - rect.height))
    for row in 0..<min(rect.height, max(0, lines.count - offset)) {
      grid.draw(
        lines[offset + row], at: rect.x, rect.y + row, width: rect.width, ellipsis: context.glyphs.ellipsis)
    }
    ScrollMark.draw(
      into: &grid, x: rect.maxX + 1, rect: rect, offset: offset, count: lines.count, context: focused)
  }

  private var focused: PaneContext {
    var context = context
    context.isFocused = true
    return context
  }

  private func prompt(_ symbol: String, _ query: LineEditor, into grid: inout Grid, rect: Rect) {
    var cursor = context.style(.title)
    cursor.isReversed = true
    grid.draw(
      [
        Span(symbol + " ", context.style(.key, bold: true)),
        Span(query.text.shown, context.style(.title)),
        Span(" ", cursor),
      ], at: rect.x, rect.y, width: rect.width, ellipsis: context.glyphs.ellipsis)
  }

  private func drawHelp(_ help: HelpDialog, into grid: inout Grid) {
    let size = ScreenSize(width: grid.width, height: grid.height)
    let lines = HelpLines(keyMap: keyMap, context: context, width: Self.helpRoom(in: size).width)
      .lines(matching: help.query.text)
    let rect = open(
      "Keys and marks", Self.wanted(.help(help), page: nil), hint: "type to search  Esc closes", into: &grid)
    prompt("?", help.query, into: &grid, rect: rect)
    if lines.isEmpty {
      grid.draw("no key matches", at: rect.x, rect.y + 2, width: rect.width, context.muted)
    }
    drawScrolled(lines, offset: help.offset, into: &grid, rect: rect.from(row: 2))
  }

  private func drawPalette(_ palette: PaletteDialog, into grid: inout Grid) {
    let rect = open(
      "Commands", Self.wanted(.palette(palette), page: nil), hint: "Enter runs  Esc closes", into: &grid)
    prompt(":", palette.query, into: &grid, rect: rect)
    let list = rect.from(row: 2)
    let matches = palette.matches
    let offset = ListState.offset(
      from: 0, showing: palette.selected, count: matches.count, height: list.height)
    for row in 0..<min(list.height, max(0, matches.count - offset)) {
      let entry = matches[offset + row]
      let y = list.y + row
      grid.draw(entry.name, at: list.x, y, width: 22, context.style(.accent))
      grid.draw(
        entry.title, at: list.x + 23, y, width: max(0, list.width - 36), context.text,
        ellipsis: context.glyphs.ellipsis)
      grid.draw(entry.keys(keyMap), at: list.maxX - 12, y, width: 12, context.style(.key), .right)
      if offset + row == palette.selected {
        grid.highlight(Rect(x: list.x - 1, y: y, width: list.width + 2, height: 1), context.style(.selection))
      }
    }
  }

  private func drawPicker(_ picker: PickerDialog, into grid: inout Grid) {
    let shown = picker.shown
    let isSingle = picker.purpose.isSingle
    let hint =
      picker.purpose == .mark
      ? "a time: -7m, 03:12  Enter picks" : isSingle ? "Enter picks" : "Space toggles  Enter applies"
    let rect = open(picker.purpose.title, Self.wanted(.picker(picker), page: nil), hint: hint, into: &grid)
    prompt("/", picker.query, into: &grid, rect: rect)
    let list = rect.from(row: 2)
    if shown.isEmpty {
      let text = picker.purpose == .mark ? "Enter takes a time: -7m, 03:12" : "nothing to pick"
      grid.draw(text, at: list.x, list.y, width: list.width, context.muted)
    }
    let offset = ListState.offset(from: 0, showing: picker.selected, count: shown.count, height: list.height)
    let visible = shown.dropFirst(offset).prefix(max(0, list.height)).map { picker.items[$0] }
    // A moment's line begins with what tells it from others.
    let names = CutNames(
      picker.purpose == .mark ? [] : visible.map(\.label.shown), width: list.width - 2 - (isSingle ? 0 : 2),
      ellipsis: context.glyphs.ellipsis)
    for (row, item) in visible.enumerated() {
      let mark = isSingle ? (item.isOn ? context.glyphs.up : " ") : item.isOn ? "[x]" : "[ ]"
      let y = list.y + row
      grid.draw(
        [
          Span(mark + " ", item.isOn ? context.style(.ok) : context.muted),
          Span(
            picker.purpose == .mark ? item.label.shown : names[item.label.shown],
            context.style(item.isOn ? .title : .text)),
        ], at: list.x, y, width: list.width, ellipsis: context.glyphs.ellipsis)
      if offset + row == picker.selected {
        grid.highlight(Rect(x: list.x - 1, y: y, width: list.width + 2, height: 1), context.style(.selection))
      }
    }
    ScrollMark.draw(
      into: &grid, x: list.maxX + 1, rect: list, offset: offset, count: shown.count, context: focused)
  }

  private func drawTime(_ time: TimeDialog, into grid: inout Grid) {
    let rect = open("Go to", Self.wanted(.time(time), page: nil), hint: "Enter goes  Esc closes", into: &grid)
    prompt("T", time.query, into: &grid, rect: rect)
    let note = time.problem ?? TimeDialog.forms
    for (row, line) in note.wrapped(to: rect.width).prefix(max(0, rect.height - 1)).enumerated() {
      grid.draw(
        line, at: rect.x, rect.y + 1 + row, width: rect.width,
        time.problem == nil ? context.muted : context.style(.warn))
    }
  }

  private func drawDetail(_ detail: DetailDialog, into grid: inout Grid) {
    let page = DetailPage(
      detail, content: content, context: context,
      width: preview.map { max(30, $0.width - 4) }
        ?? DetailPage.width(of: ScreenSize(width: grid.width, height: grid.height)))
    let frame =
      preview
      ?? Self.frame(
        width: Self.wanted(.detail(detail), page: page).width, height: page.lines.count,
        in: ScreenSize(width: grid.width, height: grid.height))
    // What is known by then goes first: a long title takes its place.
    let hints =
      page.links.isEmpty
      ? ["y copies  Esc closes", "Esc closes", ""]
      : ["Enter follows  y copies  Esc closes", "Enter follows  Esc closes", "Enter follows", ""]
    let room = frame.width - DisplayWidth.of(page.title) - 8
    let hint = hints.first { $0.count <= room } ?? ""
    let rect = open(
      page.title, Self.wanted(.detail(detail), page: page), hint: hint, into: &grid, place: preview)
    let offset = detail.shownOffset(page, height: rect.height)
    drawScrolled(page.lines, offset: offset, into: &grid, rect: rect)
    if let link = detail.followed(page, height: rect.height) {
      let y = rect.y + link.line - offset
      grid.highlight(Rect(x: rect.x - 1, y: y, width: rect.width + 2, height: 1), context.style(.selection))
      grid.draw(context.glyphs.pointer, at: rect.x - 1, y, width: 1, context.style(.accent))
    }
  }
}
