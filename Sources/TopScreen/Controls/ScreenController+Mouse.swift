import TopModel

extension ScreenController {
  /// Lines a turn of the wheel moves.
  private static let wheelLines = 3

  /// A click focuses and selects, on the row that is selected it opens it, on a head it sorts, on a hint of the
  /// bottom line it does what its key does, outside a dialog it closes it; the wheel scrolls what is under the
  /// pointer.
  package func handle(
    _ mouse: MouseEvent, state: inout ScreenState, content: ScreenContent
  ) -> [ScreenAction] {
    let (lists, focused) = (state.lists, state.focus)
    defer { state.noteChoices(since: lists, focused, at: content.header.at) }
    if !state.dialogs.isEmpty { return handleOverDialog(mouse, &state, content) }
    let layout = state.layout
    if layout.footer.contains(column: mouse.column, row: mouse.row), mouse.button == .left,
      state.filterLine == nil
    {
      let footer = FooterBar(
        state: state, keyMap: keyMap, theme: .standard, glyphs: state.usesASCII ? .ascii : .unicode)
      let command = footer.command(at: mouse.column, width: layout.footer.width)
      state.message = nil
      return command.map { run($0, state: &state, content: content) } ?? []
    }
    if layout.switcher.contains(column: mouse.column, row: mouse.row), mouse.button == .left {
      let bar = SwitcherBar(
        focus: state.focus, troubles: content.troubles, theme: .standard,
        glyphs: state.usesASCII ? .ascii : .unicode)
      if let pane = bar.pane(at: mouse.column, width: layout.switcher.width) {
        focus(pane, &state)
      }
      return []
    }
    guard let place = layout.places.first(where: { $0.rect.contains(column: mouse.column, row: mouse.row) })
    else { return [] }
    switch mouse.button {
    case .wheelUp: move(place.pane, by: -Self.wheelLines, &state, content)
    case .wheelDown: move(place.pane, by: Self.wheelLines, &state, content)
    case .left: click(place, mouse, &state, content)
    case .middle, .right: break
    }
    return []
  }

  private func click(
    _ place: ScreenLayout.Place, _ mouse: MouseEvent, _ state: inout ScreenState, _ content: ScreenContent
  ) {
    let wasFocused = state.focus == place.pane
    // What is clicked is what was seen before the click.
    state[list: place.pane] = state.list(of: place.pane, at: content.header.at)
    state.focus = place.pane
    let pane = place.pane.type.init(content, state)
    let line = mouse.row - place.rect.y - 1
    let inside = place.rect.inset(horizontally: 1, vertically: 1)
    guard line >= 0, line < inside.height else { return }
    if place.pane == .latency { return clickInHeatMap(mouse, &state, content) }
    if line < pane.headLines {
      var context = PaneContext(
        glyphs: state.usesASCII ? .ascii : .unicode, settings: state.settings, at: content.header.at)
      context.columns = state.columns[place.pane] ?? []
      context.sort = state.sort(of: place.pane)
      context.width = place.rect.width
      context.changes = content.changes[place.pane]
      let name = pane.column(at: mouse.column - inside.x, width: inside.width, context)
      if name == RowChange.column, context.changes != nil {
        sort(place.pane, by: SortColumn(name: RowChange.column, rises: false), &state)
      } else if let column = pane.sortable.first(where: { $0.name == name }) {
        sort(place.pane, by: column, &state)
      }
      return
    }
    let (ids, height) = rows(of: place.pane, state, content)
    var list = state[list: place.pane]
    if place.pane.type.isTail { list = list.shifted(to: ids) }
    var (_, offset) = list.resolved(ids: ids, height: height)
    if place.pane.type.isTail, state.isFollowing { offset = max(0, ids.count - height) }
    let row = offset + line - pane.headLines
    guard ids.indices.contains(row) else { return }
    let isFollowing = place.pane.type.isTail && state.isFollowing
    if wasFocused, !isFollowing, list.resolved(ids: ids, height: height).selected == row {
      return open(&state, content)
    }
    list.offset = offset
    list.select(row, ids: ids, height: height)
    state[list: place.pane] = list
    if place.pane.type.isTail { state.isFollowing = false }
  }

  private func handleOverDialog(
    _ mouse: MouseEvent, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    switch mouse.button {
    case .wheelUp, .wheelDown:
      var actions: [ScreenAction] = []
      for _ in 0..<Self.wheelLines {
        actions += handleInDialog(Key(mouse.button == .wheelUp ? .up : .down), &state, content)
      }
      return actions
    case .right: state.dialogs.removeLast()
    case .left: return clickInDialog(mouse, &state, content)
    case .middle: break
    }
    return []
  }

  /// Beside the dialog it closes it; on a row it does what the dialog is there for: runs, picks, opens.
  private func clickInDialog(
    _ mouse: MouseEvent, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    guard let top = state.dialogs.last else { return [] }
    let place = DialogRectangles(
      top, page: page(of: top, state, content), size: state.size, preview: state.previewPlace(content))
    guard place.frame.contains(column: mouse.column, row: mouse.row) else {
      state.dialogs.removeLast()
      return []
    }
    guard let row = place.row(at: mouse.row) else { return [] }
    switch top {
    case .help, .time: return []
    case .palette(var palette):
      palette.selected = row
      state.dialogs[state.dialogs.count - 1] = .palette(palette)
      return handleInDialog(Key(.enter), &state, content)
    case .picker(var picker):
      picker.selected = row
      state.dialogs[state.dialogs.count - 1] = .picker(picker)
      let isSingle = picker.purpose.isSingle
      return handleInDialog(isSingle ? Key(.enter) : .character(" "), &state, content)
    case .detail(var detail):
      guard detail.selected == row else {
        detail.selected = row
        state.dialogs[state.dialogs.count - 1] = .detail(detail)
        return []
      }
      return handleInDialog(Key(.enter), &state, content)
    }
  }

  private func page(of dialog: Dialog, _ state: ScreenState, _ content: ScreenContent) -> DetailPage? {
    if case .detail(let detail) = dialog { page(of: detail, state, content) } else { nil }
  }
}
