import TopModel

extension ScreenController {
  /// Pasted text: it goes where text is typed, with blanks for line ends, and never acts as keys.
  package func paste(_ text: String, state: inout ScreenState, content: ScreenContent) -> [ScreenAction] {
    state.message = nil
    let text = Self.oneLine(text)
    if state.search?.isTyping == true {
      state.search?.editor.insert(text)
      findTyped(&state, content)
      return []
    }
    switch state.dialogs.popLast() {
    case .help(var help):
      help.query.insert(text)
      help.offset = 0
      state.dialogs.append(.help(help))
      return []
    case .palette(var palette):
      palette.query.insert(text)
      palette.selected = 0
      state.dialogs.append(.palette(palette))
      return []
    case .picker(var picker):
      picker.query.insert(text)
      picker.selected = 0
      state.dialogs.append(.picker(picker))
      return []
    case .detail(let detail): state.dialogs.append(.detail(detail))
    case .time(var time):
      time.query.insert(text)
      state.dialogs.append(.time(time))
      return []
    case nil:
      if var line = state.filterLine {
        line.editor.insert(text)
        line.historyIndex = nil
        line.completion = nil
        return tryFilter(line, &state)
      }
    }
    let key = keyMap.keys(for: .filter).first?.label ?? "the filter's key"
    state.message = ScreenState.Message("nothing takes text here; \(key) edits the filter", .warning)
    return []
  }

  /// Without the ends of lines at its end; those within and other control characters are blanks.
  static func oneLine(_ text: String) -> String {
    var scalars = Substring.UnicodeScalarView(text.unicodeScalars)
    while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
    var line = String.UnicodeScalarView()
    for scalar in scalars {
      line.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
    }
    return String(line)
  }
}
