import TopModel

extension ScreenController {
  /// A key while the filter is edited: every change is tried at once, and the last good one is in force meanwhile. What is
  /// no filter at the end leaves the one in force that was there before.
  func handleInFilter(_ key: Key, _ state: inout ScreenState) -> [ScreenAction] {
    guard var line = state.filterLine else { return [] }
    let before = line.editor.text
    switch key.code {
    case .escape: return restore(line.original, &state)
    case .enter:
      if let problem = line.problem {
        state.message = ScreenState.Message("the filter stays as it was: \(problem.message)", .warning)
        // To be mended: it is the first that the history shows.
        remember(before, &state)
        return restore(line.original, &state)
      }
      remember(state.settings.filter.text.isEmpty ? before : state.settings.filter.text, &state)
      state.filterLine = nil
      return []
    case .up, .down: browseHistory(older: key.code == .up, &line, state.filterHistory)
    case .tab: complete(&line)
    default:
      guard line.editor.handle(key) else { return [] }
      line.historyIndex = nil
    }
    if key.code != .tab { line.completion = nil }
    guard line.editor.text != before else {
      state.filterLine = line
      return []
    }
    return tryFilter(line, &state)
  }

  /// Leaves the line with the filter that was in force before.
  private func restore(_ original: FilterExpression, _ state: inout ScreenState) -> [ScreenAction] {
    let isChanged = state.settings.filter != original
    state.settings.filter = original
    state.filterLine = nil
    return isChanged ? [.filterChanged(original)] : []
  }

  /// Puts the line's filter into force, if it is one.
  func tryFilter(_ edited: FilterLine, _ state: inout ScreenState) -> [ScreenAction] {
    var line = edited
    var actions: [ScreenAction] = []
    do {
      let filter = try FilterExpression(parsing: line.editor.text)
      line.problem = nil
      if filter != state.settings.filter { actions = [.filterChanged(filter)] }
      state.settings.filter = filter
    } catch {
      line.problem = error
    }
    state.filterLine = line
    return actions
  }

  /// Puts a filter into force from a picker or a command.
  func setFilter(_ text: String, _ state: inout ScreenState) -> [ScreenAction] {
    do {
      let filter = try FilterExpression(parsing: text)
      if !text.isEmpty { remember(text, &state) }
      if filter == state.settings.filter { return [] }
      state.settings.filter = filter
      return [.filterChanged(filter)]
    } catch {
      state.message = ScreenState.Message(error.message, .warning)
      return []
    }
  }

  private func remember(_ text: String, _ state: inout ScreenState) {
    guard !text.isEmpty, state.filterHistory.last != text else { return }
    state.filterHistory.removeAll { $0 == text }
    state.filterHistory.append(text)
    if state.filterHistory.count > 50 { state.filterHistory.removeFirst() }
  }

  private func browseHistory(older: Bool, _ line: inout FilterLine, _ history: [String]) {
    guard !history.isEmpty else { return }
    let index = (line.historyIndex ?? -1) + (older ? 1 : -1)
    if index < 0 {
      line.historyIndex = nil
      line.editor.set("")
    } else {
      line.historyIndex = min(index, history.count - 1)
      line.editor.set(history[history.count - 1 - min(index, history.count - 1)])
    }
  }

  /// Tab takes the first that fits, and the next each time it is pressed again.
  private func complete(_ line: inout FilterLine) {
    if var completion = line.completion {
      completion.next()
      line.completion = completion
    } else {
      line.completion = FilterCompletion(line)
    }
    if let completion = line.completion { line.editor.set(completion.text, cursor: completion.cursor) }
  }
}
