import TopModel

/// The keys that lead from a screen as it begins to what somebody sees: for a command line that shows the same again.
package struct KeysAgain {
  let keyMap: KeyMap
  /// As the screen begins, with the user's configuration.
  let start: ScreenState

  package init(keyMap: KeyMap = .standard, start: ScreenState = ScreenState()) {
    self.keyMap = keyMap
    self.start = start
  }

  /// More rows than these are not walked down.
  private static let mostRows = 60

  /// - Parameter isOfMoment: goes to the moment that is shown first; not where only the present can be shown.
  package func keys(to state: ScreenState, _ content: ScreenContent, isOfMoment: Bool) -> [Key] {
    var keys: [Key] = []
    func press(_ command: Command, _ times: Int = 1) {
      guard let key = keyMap.keys(for: command).first else { return }
      keys += Array(repeating: key, count: times)
    }
    func type(_ text: String) { keys += text.map { .character($0) } }
    if isOfMoment {
      press(.goToTime)
      type(TimeText.clock(content.header.at, offset: 0) + "Z")
      keys.append(Key(.enter))
    }
    for pane in state.hidden.subtracting(start.hidden).sorted() where pane != state.focus {
      guard let digit = pane.digit else { continue }
      type(String(digit))
      press(.hidePane)
    }
    press(.window, steps(from: start.settings.window, to: state.settings.window))
    press(.group, steps(from: start.settings.requestGrouping, to: state.settings.requestGrouping))
    press(.latencyMode, steps(from: start.settings.latencyMode, to: state.settings.latencyMode))
    press(.nextCircuitView, steps(from: start.settings.circuitView, to: state.settings.circuitView))
    // These keys go to the pane that they change.
    if let digit = state.focus.digit { type(String(digit)) }
    press(
      .sort,
      steps(
        from: start.settings.requestSort, to: state.settings.requestSort,
        among: state.settings.requestGrouping.sorts))
    let wasReversed =
      start.settings.requestSort == state.settings.requestSort && start.settings.isSortReversed
    if state.settings.isSortReversed != wasReversed { press(.reverseSort) }
    if state.isZoomed { press(.zoom) }
    if !state.focus.type.isTail {
      let (ids, height) = state.rows(of: state.focus, content)
      press(
        .down, min(Self.mostRows, state[list: state.focus].resolved(ids: ids, height: height).selected ?? 0))
    }
    keys += keysOfDialogs(state, content)
    return keys
  }

  /// Opens the details that lie over the panes, one from the other.
  private func keysOfDialogs(_ state: ScreenState, _ content: ScreenContent) -> [Key] {
    let details = state.dialogs.compactMap { dialog -> DetailDialog? in
      if case .detail(let detail) = dialog { detail } else { nil }
    }
    guard let first = details.first else { return [] }
    var keys: [Key] = []
    let cause = state.selectedID(content).flatMap { state.focus.type.init(content, state).cause(of: $0) }
    if first.subject == state.selectedSubject(content) {
      keys = [Key(.enter)]
    } else if let cause, cause == first.subject, let key = keyMap.keys(for: .follow).first {
      keys = [key]
    } else if let user = first.subject.detail as? UserDetail, let key = keyMap.keys(for: .findUser).first {
      keys = [key] + user.name.string.map { .character($0) } + [Key(.enter)]
    } else {
      return []
    }
    for detail in details.dropLast() {
      keys += Array(repeating: Key(.tab), count: max(0, detail.selected)) + [Key(.enter)]
    }
    return keys
  }

  /// How often a key that goes through all of them is pressed.
  private func steps<Choice: CaseIterable & Equatable>(from one: Choice, to other: Choice) -> Int {
    steps(from: one, to: other, among: Array(Choice.allCases))
  }

  private func steps<Choice: Equatable>(from one: Choice, to other: Choice, among all: [Choice]) -> Int {
    guard let start = all.firstIndex(of: one), let end = all.firstIndex(of: other) else { return 0 }
    return (end - start + all.count) % all.count
  }
}
