import TopModel

/// Going through the cells of the heat map.
extension ScreenController {
  /// ↑ and ↓ begin at the slowest requests; then arrows go from cell to cell, Enter opens one, Esc ends.
  ///
  /// - Returns: whether the command was one of these.
  func handleInHeatMap(_ command: Command, _ state: inout ScreenState, _ content: ScreenContent) -> Bool {
    guard state.focus == .latency, state.settings.latencyMode == .heatMap,
      let map = heatMap(state, content)?.map
    else { return false }
    guard let cursor = state.heatCursor else {
      guard command == .up || command == .down else { return false }
      state.heatCursor = map.cursor(at: map.slowest)
      return true
    }
    let place = map.place(of: cursor)
    switch command {
    case .up: state.heatCursor = map.cursor(at: map.moved(place, slots: 0, rows: 1))
    case .down: state.heatCursor = map.cursor(at: map.moved(place, slots: 0, rows: -1))
    case .pageUp: state.heatCursor = map.cursor(at: map.moved(place, slots: 0, rows: map.rows.count))
    case .pageDown: state.heatCursor = map.cursor(at: map.moved(place, slots: 0, rows: -map.rows.count))
    case .timeBack, .focusLeft: state.heatCursor = map.cursor(at: map.moved(place, slots: -1, rows: 0))
    case .timeForward, .focusRight: state.heatCursor = map.cursor(at: map.moved(place, slots: 1, rows: 0))
    case .timeBackFast: state.heatCursor = map.cursor(at: map.moved(place, slots: -10, rows: 0))
    case .timeForwardFast: state.heatCursor = map.cursor(at: map.moved(place, slots: 10, rows: 0))
    case .open, .follow: open(place, of: map, &state)
    case .back: state.heatCursor = nil
    default: return false
    }
    return true
  }

  /// A click takes the cell, on the one that is taken it opens it.
  func clickInHeatMap(_ mouse: MouseEvent, _ state: inout ScreenState, _ content: ScreenContent) {
    guard state.settings.latencyMode == .heatMap, let (map, plot) = heatMap(state, content) else { return }
    let line = plot.y + plot.height - 1 - mouse.row
    guard plot.contains(column: mouse.column, row: mouse.row), map.lines.indices.contains(line) else {
      return
    }
    let place = HeatMap.Place(
      slot: map.slot(column: mouse.column - plot.x, width: plot.width), row: map.lines[line])
    if state.heatCursor.map(map.place) == place { return open(place, of: map, &state) }
    state.heatCursor = map.cursor(at: place)
  }

  private func open(_ place: HeatMap.Place, of map: HeatMap, _ state: inout ScreenState) {
    let detail = HeatDetail(
      seconds: map.view.seconds(of: place.slot), durations: map.durations(place.row), scope: map.view.scope,
      count: map.count(place))
    state.dialogs.append(.detail(DetailDialog(.init(detail))))
  }

  private func heatMap(_ state: ScreenState, _ content: ScreenContent) -> (map: HeatMap, plot: Rect)? {
    guard let rect = state.layout.rect(of: .latency) else { return nil }
    var context = PaneContext(settings: state.settings, at: content.header.at)
    context.mark = state.mark
    return LatencyPane(content, state)
      .heatMap(in: rect.inset(horizontally: 1, vertically: 1), context: context)
  }
}
