import GenAPIValue
import TopModel

/// Turns key presses and clicks into what the screen shows next, and into what the program has to do.
package struct ScreenController: Sendable {
  package var keyMap: KeyMap
  /// In the order `t` walks through them.
  package var themeNames: [String]

  package init(keyMap: KeyMap = .standard, themeNames: [String] = [Theme.standard.name]) {
    self.keyMap = keyMap
    self.themeNames = themeNames
  }

  /// How far back the panes can show, in seconds.
  package static let historySeconds: Int64 = 900

  /// A key: what is on top gets it, a dialog before the filter before the panes.
  package func handle(_ key: Key, state: inout ScreenState, content: ScreenContent) -> [ScreenAction] {
    let (lists, focused) = (state.lists, state.focus)
    defer { state.noteChoices(since: lists, focused, at: content.header.at) }
    state.message = nil
    if key == .control("c") { return [.quit] }
    if key == .control("l") { return [.redraw] }
    if let actions = handleInSearch(key, &state, content) { return actions }
    if case .detail? = state.dialogs.last, keyMap.command(for: key) == .find {
      beginSearch(&state, content)
      return []
    }
    if !state.dialogs.isEmpty { return handleInDialog(key, &state, content) }
    if state.filterLine != nil { return handleInFilter(key, &state) }
    if case .character(let character) = key.code, !key.isControl, let pane = PaneKind(digit: character) {
      focus(pane, &state)
      return []
    }
    guard let command = keyMap.command(for: key) else { return [] }
    if handleInHeatMap(command, &state, content) { return [] }
    return run(command, state: &state, content: content)
  }

  /// Whether what is on the screen matters for the key: not while the filter is typed, however many keys wait.
  package func looksAtContent(_ state: ScreenState) -> Bool {
    state.filterLine == nil || !state.dialogs.isEmpty
  }

  /// Whether the key opens something that offers names: only then they need be gathered.
  package func needsNames(_ key: Key, _ state: ScreenState) -> Bool {
    if let dialog = state.dialogs.last {
      if case .palette = dialog { return key.code == .enter }
      return false
    }
    guard state.filterLine == nil, let command = keyMap.command(for: key) else { return false }
    switch command {
    case .filter, .pickServices, .pickNodes, .latencyScope, .findUser, .compare: return true
    case .open: return state.focus.type.picker != nil
    default: return false
    }
  }

  /// The same of a click: on a hint of the bottom line, a row of the palette, or the selected row of a pane that opens a picker.
  package func needsNames(_ mouse: MouseEvent, _ state: ScreenState) -> Bool {
    guard mouse.button == .left else { return false }
    if let dialog = state.dialogs.last {
      if case .palette = dialog { return true }
      return false
    }
    let layout = state.layout
    if layout.footer.contains(column: mouse.column, row: mouse.row) { return true }
    return layout.places.contains {
      $0.pane.type.picker != nil && $0.rect.contains(column: mouse.column, row: mouse.row)
    }
  }

  /// Whether a key does the same whatever the panes show, so that no content need be made for it.
  package func isOfState(_ key: Key, _ state: ScreenState) -> Bool {
    guard state.dialogs.isEmpty, state.filterLine == nil, state.search == nil, state.heatCursor == nil else {
      return false
    }
    if case .character(let character) = key.code, !key.isControl, PaneKind(digit: character) != nil {
      return true
    }
    switch keyMap.command(for: key) {
    case .focusNext, .focusPrevious, .focusLeft, .focusRight, .zoom, .hidePane, .showAllPanes, .help,
      .palette,
      .theme, .window, .group, .groupBack, .nextCircuitView, .previousCircuitView:
      return true
    default: return false
    }
  }

  func focus(_ pane: PaneKind, _ state: inout ScreenState) {
    state.focus = pane
    state.hidden.remove(pane)
  }

  /// The rows of a pane that can be selected, and how many lines it shows at once.
  func rows(of pane: PaneKind, _ state: ScreenState, _ content: ScreenContent) -> (
    ids: RowIDs, height: Int
  ) {
    state.rows(of: pane, content)
  }

  /// The selected row of the focused pane.
  func selectedID(_ state: ScreenState, _ content: ScreenContent) -> ByteText? { state.selectedID(content) }

  /// Moves the selection of a pane; the events pane follows again when it reaches the newest.
  func move(_ pane: PaneKind, by steps: Int, _ state: inout ScreenState, _ content: ScreenContent) {
    let (ids, height) = rows(of: pane, state, content)
    guard !ids.isEmpty else { return }
    var list = state.list(of: pane, at: content.header.at)
    if pane.type.isTail { list = list.shifted(to: ids) }
    if pane.type.isTail, state.isFollowing {
      if steps >= 0 { return }
      list.select(ids.count - 1, ids: ids, height: height)
    }
    list.move(by: steps, ids: ids, height: height)
    if pane.type.isTail { state.isFollowing = list.index == ids.count - 1 && steps > 0 }
    state[list: pane] = list
  }
}
