import TopModel

extension ScreenController {
  /// Runs a command as if its key had been pressed.
  package func run(
    _ command: Command, state: inout ScreenState, content: ScreenContent
  ) -> [ScreenAction] {
    switch command {
    case .quit: return [.quit]
    case .redraw: return [.redraw]
    case .record: return [.toggleRecording]
    case .help: state.dialogs.append(.help(HelpDialog()))
    case .palette: state.dialogs.append(.palette(PaletteDialog()))
    case .back: back(&state)
    case .theme: return nextTheme(&state)
    case .copy: return copy(&state, content)
    case .share: return [.share]
    case .filter: state.filterLine = FilterLine(state.settings.filter, names: content.names)
    case .clearFilter: return setFilter("", &state)
    case .pickServices: openPicker(.services, &state, content)
    case .pickNodes: openPicker(.nodes, &state, content)
    case .pickEvents: openPicker(.events, &state, content)
    case .latencyScope: openPicker(.latencyScope, &state, content)
    case .open: open(&state, content)
    case .follow: follow(&state, content)
    case .narrow: return narrowToRow(&state, content)
    case .goToTime: state.dialogs.append(.time(TimeDialog()))
    case .findUser: openPicker(.users, &state, content)
    case .focusNext, .focusPrevious, .focusLeft, .focusRight, .zoom, .hidePane, .showAllPanes:
      arrange(command, &state)
    case .up, .down, .pageUp, .pageDown, .top, .bottom: moveSelection(command, &state, content)
    case .sort: sortNext(&state, content)
    case .reverseSort: reverseSort(&state, content)
    case .sortBy: openSortPicker(&state, content)
    case .chooseColumns: openColumnPicker(&state)
    case .compare: openMarkPicker(&state, content)
    case .saveLayout: return [.saveLayout]
    case .find: beginSearch(&state, content)
    case .findNext: findNext(forward: true, &state, content)
    case .findPrevious: findNext(forward: false, &state, content)
    case .group, .groupBack, .latencyMode, .nextCircuitView, .previousCircuitView, .window:
      changeView(command, &state)
    case .pause, .timeBack, .timeForward, .timeBackFast, .timeForwardFast, .timeBackMinute,
      .timeForwardMinute, .timeStart, .timeEnd, .slower, .faster:
      return travel(command, &state, content)
    }
    return []
  }

  private func back(_ state: inout ScreenState) {
    if state.isZoomed {
      state.isZoomed = false
    } else if state.isPaused {
      state.settings.moment = .live
    } else if state.mark != nil {
      clearMark(&state)
    } else {
      state.isFollowing = true
    }
  }

  private func nextTheme(_ state: inout ScreenState) -> [ScreenAction] {
    guard !themeNames.isEmpty else { return [] }
    let index = themeNames.firstIndex(of: state.themeName).map { ($0 + 1) % themeNames.count } ?? 0
    state.themeName = themeNames[index]
    state.message = ScreenState.Message("theme \(state.themeName)")
    return [.themeChanged(state.themeName)]
  }

  private func arrange(_ command: Command, _ state: inout ScreenState) {
    let shown =
      state.isZoomed || state.layout.mode != .grid ? visibleInTurn(state) : state.layout.panes.sorted()
    guard let index = shown.firstIndex(of: state.focus) else { return }
    switch command {
    case .focusNext: state.focus = shown[(index + 1) % shown.count]
    case .focusPrevious: state.focus = shown[(index + shown.count - 1) % shown.count]
    case .focusLeft, .focusRight:
      state.focus = neighbour(toTheRight: command == .focusRight, state) ?? state.focus
    case .zoom: state.isZoomed.toggle()
    case .hidePane:
      guard state.hidden.count < PaneKind.allCases.count - 1, shown.count > 1 else { return }
      let hidden = state.focus
      state.focus = shown[(index + 1) % shown.count]
      state.hidden.insert(hidden)
      state.isZoomed = false
      state.message = ScreenState.Message("\(hidden.title) is hidden; \(wayBack(to: hidden)) shows it again")
    default: state.hidden = []
    }
  }

  private func wayBack(to pane: PaneKind) -> String {
    pane.digit.map(String.init) ?? keyMap.keys(for: .showAllPanes).first?.label ?? "the palette"
  }

  /// Where one pane is shown at a time: all that are not hidden.
  private func visibleInTurn(_ state: ScreenState) -> [PaneKind] {
    PaneKind.allCases.filter { !state.hidden.contains($0) || $0 == state.focus }
  }

  /// The nearest pane beside the focused one, of those that share a row with it.
  private func neighbour(toTheRight: Bool, _ state: ScreenState) -> PaneKind? {
    let layout = state.layout
    guard let here = layout.rect(of: state.focus) else { return nil }
    let beside = layout.places.filter { place in
      place.rect.y < here.maxY && here.y < place.rect.maxY
        && (toTheRight ? place.rect.x >= here.maxX : place.rect.maxX <= here.x)
    }
    return beside.min { abs($0.rect.x - here.x) < abs($1.rect.x - here.x) }?.pane
  }

  private func moveSelection(_ command: Command, _ state: inout ScreenState, _ content: ScreenContent) {
    let pane = state.focus
    let (ids, height) = rows(of: pane, state, content)
    switch command {
    case .up: move(pane, by: -1, &state, content)
    case .down: move(pane, by: 1, &state, content)
    case .pageUp: move(pane, by: -height, &state, content)
    case .pageDown: move(pane, by: height, &state, content)
    case .top:
      if pane.type.isTail {
        state.reachOldest()
        // The row at the top is the oldest, also when older ones are found.
        state[list: pane] = ListState()
      } else {
        move(pane, by: -ids.count, &state, content)
      }
    default:
      move(pane, by: ids.count, &state, content)
      if pane.type.isTail { state.isFollowing = true }
    }
  }

  /// Whoever changes what a pane shows goes on in that pane.
  private func changeView(_ command: Command, _ state: inout ScreenState) {
    switch command {
    case .group, .groupBack:
      focus(.requests, &state)
      let grouping = state.settings.requestGrouping.next(command == .group ? 1 : -1)
      state.settings.requestGrouping = grouping
      // A column that its rows do not have.
      if grouping != .nodes, state.settings.requestSort == .failovers { state.settings.requestSort = .worst }
      state[list: .requests] = ListState()
      state.message = ScreenState.Message(
        grouping == .functions ? "Requests: functions" : "Requests \(grouping.label)")
    case .latencyMode:
      focus(.latency, &state)
      state.settings.latencyMode = state.settings.latencyMode.next(1)
      state.heatCursor = nil
    case .window:
      state.settings.window = state.settings.window.next(1)
      state.message = ScreenState.Message("window \(state.settings.window.label)")
    default:
      focus(.circuits, &state)
      state.settings.circuitView = state.settings.circuitView.next(command == .nextCircuitView ? 1 : -1)
      state[list: .circuits] = ListState()
    }
  }
}

extension CaseIterable where Self: Equatable, AllCases: RandomAccessCollection, AllCases.Index == Int {
  /// The case so many places further, around the end.
  func next(_ steps: Int) -> Self {
    let all = Self.allCases
    let index = all.firstIndex(of: self) ?? 0
    return all[((index + steps) % all.count + all.count) % all.count]
  }
}
