import OutsideText
import TopModel

extension ScreenController {
  /// Begins to look for a text in the page on top, or in the focused pane.
  func beginSearch(_ state: inout ScreenState, _ content: ScreenContent) {
    if state.dialogs.isEmpty, rows(of: state.focus, state, content).ids.isEmpty {
      state.message = ScreenState.Message("\(state.focus.title) has no rows to search", .warning)
      return
    }
    state.search = ListSearch(state)
  }

  /// A key while a search is in force; nil for one that means what it always does.
  func handleInSearch(
    _ key: Key, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction]? {
    guard var search = state.search else { return nil }
    guard search.isOn(state) else {
      state.search = nil
      return nil
    }
    guard search.isTyping else {
      switch (key, keyMap.command(for: key)) {
      case (.character("n"), _), (_, .findNext): findNext(forward: true, &state, content)
      case (.character("N"), _), (_, .findPrevious): findNext(forward: false, &state, content)
      case (_, .find): beginSearch(&state, content)
      default:
        guard key.code == .escape else { return nil }
        state.search = nil
      }
      return []
    }
    switch key.code {
    case .escape:
      state.search = nil
      state[list: search.pane] = search.list
      if state.isFollowing != search.isFollowing { state.isFollowing = search.isFollowing }
      if let detail = search.detail { state.dialogs[state.dialogs.count - 1] = .detail(detail) }
    case .enter:
      search.isTyping = false
      state.search = search.editor.text.isEmpty ? nil : search
    case .down, .up: findNext(forward: key.code == .down, &state, content)
    default:
      let before = search.editor.text
      guard search.editor.handle(key) else { return [] }
      state.search = search
      if search.editor.text != before { findTyped(&state, content) }
    }
    return []
  }

  /// The first place from where one was before; of events, whose newest is the last, the first before it.
  func findTyped(_ state: inout ScreenState, _ content: ScreenContent) {
    guard let search = state.search else { return }
    let found = places(search, state, content)
    let start: Int
    if let detail = search.detail {
      start = detail.offset
    } else {
      let ids = rows(of: search.pane, state, content).ids
      start =
        search.pane.type.isTail && search.isFollowing
        ? ids.count - 1 : search.list.resolved(ids: ids, height: 1).selected ?? 0
    }
    let place =
      isBackward(search)
      ? found.lastIndex { $0 <= start } ?? found.indices.last
      : found.firstIndex { $0 >= start } ?? found.indices.first
    show(place, of: found, &state, content)
  }

  /// The next place, or the one before, around the end.
  func findNext(forward: Bool, _ state: inout ScreenState, _ content: ScreenContent) {
    guard let search = state.search, search.isOn(state) else {
      state.search = nil
      let key = keyMap.keys(for: .find).first?.label ?? "find"
      state.message = ScreenState.Message("nothing is searched for; \(key) begins", .warning)
      return
    }
    let found = places(search, state, content)
    let here =
      search.line ?? selectedID(state, content).flatMap {
        rows(of: search.pane, state, content).ids.firstIndex(of: $0)
      }
      ?? 0
    let place =
      forward != isBackward(search)
      ? found.firstIndex { $0 > here } ?? found.indices.first
      : found.lastIndex { $0 < here } ?? found.indices.last
    show(place, of: found, &state, content)
  }

  private func isBackward(_ search: ListSearch) -> Bool { search.detail == nil && search.pane.type.isTail }

  /// The rows or lines that have the text, whatever its case.
  private func places(_ search: ListSearch, _ state: ScreenState, _ content: ScreenContent) -> [Int] {
    let text = search.editor.text.lowercased()
    guard !text.isEmpty else { return [] }
    let texts: [String]
    if case .detail(let detail)? = state.dialogs.last {
      texts = page(of: detail, state, content).lines.map(\.text)
    } else {
      texts = search.pane.type.init(content, state).searchTexts(state)
    }
    return texts.indices.filter { texts[$0].lowercased().contains(text) }
  }

  private func show(
    _ place: Int?, of found: [Int], _ state: inout ScreenState, _ content: ScreenContent
  ) {
    guard var search = state.search else { return }
    (search.count, search.place, search.line) = (found.count, place ?? 0, nil)
    defer { state.search = search }
    guard let place, found.indices.contains(place) else { return }
    if case .detail(var detail)? = state.dialogs.last {
      let page = page(of: detail, state, content)
      let height = DialogView.frame(width: page.width, height: page.lines.count, in: state.size).height - 2
      detail.show(line: found[place], page, height: height)
      search.line = found[place]
      state.dialogs[state.dialogs.count - 1] = .detail(detail)
    } else {
      let (ids, height) = rows(of: search.pane, state, content)
      var list = state[list: search.pane]
      if search.pane.type.isTail {
        list = list.shifted(to: ids)
        state.isFollowing = false
      }
      list.select(found[place], ids: ids, height: height)
      state[list: search.pane] = list
    }
  }
}

extension DetailDialog {
  /// Scrolls to a line; where it leads further Enter follows it.
  mutating func show(line: Int, _ page: DetailPage, height: Int) {
    offset = ListState.offset(
      from: shownOffset(page, height: height), showing: line, count: page.lines.count, height: height)
    if let link = page.links.firstIndex(where: { $0.line == line }) { selected = link }
  }
}
