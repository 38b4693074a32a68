extension ScreenController {
  /// The selected row as text, without what only a screen needs. Whoever has the terminal says what became of it.
  func copy(_ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    let pane = state.focus.type.init(content, state)
    guard let id = selectedID(state, content), let text = pane.copyText(of: id, state) else {
      state.message = ScreenState.Message("nothing is selected", .warning)
      return []
    }
    return [.copy(text)]
  }
}
