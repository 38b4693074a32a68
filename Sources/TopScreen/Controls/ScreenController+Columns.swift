import TopModel

/// Sorting by columns, and choosing them.
extension ScreenController {
  /// By the next column of the focused pane, behind the last one as usual; the requests where it has none.
  func sortNext(_ state: inout ScreenState, _ content: ScreenContent) {
    let (pane, columns) = sortable(state, content)
    let sort = state.sort(of: pane)
    if pane == .requests {
      // In the order of what is asked most.
      let grouping = state.settings.requestGrouping
      let name = state.settings.requestSort.next(in: grouping).column(in: grouping)
      state.sorts[pane] = nil
      state.sort(pane, by: name.flatMap { name in columns.first { $0.name == name }?.usual })
    } else {
      // From the changes, which come by themselves while there is a mark, to the first column.
      let columns = columns.filter { $0.name != RowChange.column }
      let place = sort.flatMap { sort in columns.firstIndex { $0.name == sort.column } } ?? -1
      state.sort(pane, by: place + 1 < columns.count ? columns[place + 1].usual : nil)
    }
    tellSort(pane, &state)
  }

  func reverseSort(_ state: inout ScreenState, _ content: ScreenContent) {
    let (pane, _) = sortable(state, content)
    if pane == .requests, state.sorts[pane] == nil { return state.settings.isSortReversed.toggle() }
    guard var sort = state.sort(of: pane) else {
      let key = keyMap.keys(for: .sort).first?.label ?? "the sort key"
      state.message = ScreenState.Message("\(pane.title) is in its usual order; \(key) sorts by a column")
      return
    }
    sort.isRising.toggle()
    state.sort(pane, by: sort)
    tellSort(pane, &state)
  }

  /// By a column that was clicked or picked; the one that is sorted by already turns round.
  func sort(_ pane: PaneKind, by column: SortColumn, _ state: inout ScreenState) {
    var sort = column.usual
    if let now = state.sort(of: pane), now.column == column.name { sort.isRising = !now.isRising }
    state.sort(pane, by: sort)
    tellSort(pane, &state)
  }

  private func tellSort(_ pane: PaneKind, _ state: inout ScreenState) {
    let text = state.sort(of: pane).map { "sorted by " + $0.text } ?? "in the usual order, the worst first"
    state.message = ScreenState.Message("\(pane.title) \(text)")
  }

  private func sortable(_ state: ScreenState, _ content: ScreenContent) -> (PaneKind, [SortColumn]) {
    var columns = state.focus.type.init(content, state).sortable
    if state.mark != nil, !columns.isEmpty {
      columns.append(SortColumn(name: RowChange.column, rises: false))
    }
    return columns.isEmpty ? (.requests, RequestsPane(content, state).sortable) : (state.focus, columns)
  }

  func openSortPicker(_ state: inout ScreenState, _ content: ScreenContent) {
    let (pane, columns) = sortable(state, content)
    let sort = state.sort(of: pane)
    let items = [PickerDialog.Item(PickerDialog.usual, isOn: sort == nil)]
    state.dialogs.append(
      .picker(
        PickerDialog(
          .sort(pane),
          items: items + columns.map { PickerDialog.Item($0.name, isOn: $0.name == sort?.column) })))
  }

  /// Enter in the list of columns to sort by.
  func pickSort(_ item: PickerDialog.Item, of pane: PaneKind, _ state: inout ScreenState) {
    let columns = pane.type.sortColumns + [SortColumn(name: RowChange.column, rises: false)]
    if let column = columns.first(where: { $0.name == item.label }) {
      sort(pane, by: column, &state)
    } else {
      state.sort(pane, by: nil)
      tellSort(pane, &state)
    }
  }

  func openColumnPicker(_ state: inout ScreenState) {
    let pane = state.focus
    guard !pane.columnNames.isEmpty else {
      state.message = ScreenState.Message("\(pane.title) has no columns to choose", .warning)
      return
    }
    let chosen = state.columns[pane] ?? pane.columnNames
    let names = chosen + pane.columnNames.filter { !chosen.contains($0) }
    state.dialogs.append(
      .picker(
        PickerDialog(
          .columns(pane), items: names.map { PickerDialog.Item($0, isOn: chosen.contains($0)) })))
  }

  /// Enter in the list of columns to show.
  func pickColumns(_ items: [PickerDialog.Item], of pane: PaneKind, _ state: inout ScreenState) {
    let names = items.filter(\.isOn).map(\.label)
    guard !names.isEmpty else {
      state.message = ScreenState.Message("at least one column is needed", .warning)
      return
    }
    state.columns[pane] = names == pane.columnNames ? nil : names
  }
}
