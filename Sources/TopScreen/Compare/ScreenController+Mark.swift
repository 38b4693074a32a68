import OutsideText
import TopModel

/// Comparing with a moment of the past.
extension ScreenController {
  /// Offers moments: now, and what happened; any other can be written.
  func openMarkPicker(_ state: inout ScreenState, _ content: ScreenContent) {
    var items: [PickerDialog.Item] = []
    if state.mark != nil { items.append(PickerDialog.Item(PickerDialog.noMark)) }
    var now = PickerDialog.Item("now")
    now.at = content.header.at
    items.append(now)
    for mark in content.names.moments {
      let time = TimeText.clock(mark.at, offset: state.clockOffset)
      let age = TimeText.age(of: mark.at, at: content.header.at).padded(to: 4, .right)
      var item = PickerDialog.Item(
        "\(time) -\(age)  \(LatencyPane.symbol(mark.kind)) \(mark.kind.rawValue)  \(mark.label.shown)")
      item.at = mark.at
      items.append(item)
    }
    state.dialogs.append(.picker(PickerDialog(.mark, items: items)))
  }

  /// Enter: what was written, where it is a time, or what is selected.
  func pickMark(_ picker: PickerDialog, _ state: inout ScreenState, _ content: ScreenContent) {
    let text = picker.query.text
    let shown = picker.shown
    let written = TimeDialog.moment(text, newest: content.newestAt, offset: state.clockOffset)
    let picked = shown.indices.contains(picker.selected) ? picker.items[shown[picker.selected]] : nil
    guard let at = written ?? picked?.at else {
      guard picked != nil else {
        state.message = ScreenState.Message(
          TimeDialog.problem(text, newest: content.newestAt, offset: state.clockOffset), .warning)
        state.dialogs.append(.picker(picker))
        return
      }
      return clearMark(&state)
    }
    let oldest = content.oldestAt
    if let written,
      let problem = TimeDialog.stillToCome(
        text, written, newest: content.newestAt, oldest: oldest, offset: state.clockOffset)
    {
      state.message = ScreenState.Message(problem, .warning)
      state.dialogs.append(.picker(picker))
      return
    }
    let mark = min(max(at, oldest), content.newestAt)
    state.mark = mark
    state.sorts = state.sorts.filter { $0.value.column != RowChange.column }
    let time = TimeText.clock(mark, offset: state.clockOffset)
    let note = at < oldest ? ", the oldest moment kept" : ""
    // What the user sorts by a column stays so.
    let sorted = PaneKind.allCases.filter { pane in
      state.sort(of: pane).map { $0.column != RowChange.column } ?? false
    }
    let order =
      sorted.isEmpty
      ? "the largest change first"
      : "the largest change first but in \(sorted.map { "\($0.type.title)" }.joined(separator: ", "))"
    state.message = ScreenState.Message("every pane is compared with \(time)\(note), \(order)")
  }

  func clearMark(_ state: inout ScreenState) {
    state.mark = nil
    state.message = ScreenState.Message("no longer compared")
  }
}
