import TopModel

extension ScreenState {
  /// The column that a pane's rows are sorted by; nil for its usual order: what asks for attention first.
  package func sort(of pane: PaneKind) -> ColumnSort? {
    if let sort = sorts[pane], mark != nil || sort.column != RowChange.column { return sort }
    guard pane == .requests, let name = settings.requestSort.column(in: settings.requestGrouping)
    else {
      // While there is a mark the largest change is what is looked for.
      let isCompared = mark != nil && !pane.type.sortColumns.isEmpty
      return isCompared ? ColumnSort(RowChange.column, isRising: false) : nil
    }
    let rises = RequestsPane.sortColumns.first { $0.name == name }?.rises ?? false
    return ColumnSort(name, isRising: rises != settings.isSortReversed)
  }

  /// Sorts a pane by a column, or as usual.
  package mutating func sort(_ pane: PaneKind, by sort: ColumnSort?) {
    guard pane == .requests, sort?.column != RowChange.column else { return sorts[pane] = sort }
    // The model sorts functions, of which there may be ten thousand.
    sorts[.requests] = nil
    settings.requestSort = .worst
    settings.isSortReversed = false
    guard let sort, let column = RequestsPane.sortColumns.first(where: { $0.name == sort.column }),
      let found = RequestSort(column: sort.column)
    else { return }
    settings.requestSort = found
    settings.isSortReversed = sort.isRising != column.rises
  }
}
