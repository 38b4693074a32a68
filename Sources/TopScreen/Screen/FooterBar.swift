import OutsideText
import TopModel

/// The bottom line: the keys that matter now, the filter while it is edited, or a message.
struct FooterBar {
  var state: ScreenState
  var keyMap: KeyMap
  var theme: Theme
  var glyphs: GlyphSet

  func draw(into grid: inout Grid, rect: Rect) {
    guard !rect.isEmpty else { return }
    grid.fill(rect, Style(theme[.text], on: theme[.header] ?? theme[.background]))
    if let line = state.filterLine {
      drawFilter(line, into: &grid, rect: rect)
    } else if let search = state.search, search.isTyping || state.message == nil {
      drawSearch(search, into: &grid, rect: rect)
    } else if let message = state.message {
      let key: ThemeKey = message.kind == .warning ? .warn : .title
      grid.draw(
        message.text.shown, at: rect.x + 1, rect.y, width: rect.width - 2, theme.style(key),
        ellipsis: glyphs.ellipsis)
    } else {
      drawHints(into: &grid, rect: rect)
    }
  }

  private func drawSearch(_ search: ListSearch, into grid: inout Grid, rect: Rect) {
    var cursor = theme.style(.title)
    cursor.isReversed = true
    let keys = search.isTyping ? "Enter keeps  Esc ends" : "n next  N before  Esc ends"
    let isMissing = search.count == 0 && !search.editor.text.isEmpty
    let note = [
      Span(search.standing, theme.style(isMissing ? .warn : .accent, bold: true)),
      Span("  " + keys, theme.style(.muted)),
    ]
    let noteWidth = min(note.displayWidth, rect.width / 2)
    grid.draw(note, at: rect.maxX - 1 - noteWidth, rect.y, width: noteWidth, ellipsis: glyphs.ellipsis)
    let prompt = [Span("find ", theme.style(.key, bold: true))]
    // Of a long text the end is seen, where one types.
    let room = max(1, rect.width - noteWidth - 9)
    var text = search.editor.text.shown
    while DisplayWidth.of(text) > room { text.removeFirst() }
    let typed = [Span(text, theme.style(.title))] + (search.isTyping ? [Span(" ", cursor)] : [])
    grid.draw(
      prompt + typed, at: rect.x + 1, rect.y, width: rect.width - noteWidth - 3, ellipsis: glyphs.ellipsis)
  }

  private func drawFilter(_ line: FilterLine, into grid: inout Grid, rect: Rect) {
    var note = [Span("Enter keeps  Esc restores  Tab completes", theme.style(.muted))]
    if let problem = line.problem {
      note = [Span("\(glyphs.warning) \(problem.message.shown)", theme.style(.critical, bold: true))]
    }
    let noteWidth = min(note.displayWidth, rect.width / 2)
    grid.draw(note, at: rect.maxX - 1 - noteWidth, rect.y, width: noteWidth, ellipsis: glyphs.ellipsis)
    grid.draw("/", at: rect.x + 1, rect.y, width: 1, theme.style(.key, bold: true))
    let room = max(1, rect.width - noteWidth - 5)
    // A long line scrolls so that the cursor stays in sight.
    let editor = line.editor
    var first = 0
    func columns(_ range: Range<Int>) -> Int {
      range.reduce(0) { $0 + DisplayWidth.of(editor.characters[$1]) }
    }
    while columns(first..<editor.cursor) >= room { first += 1 }
    var x = rect.x + 2
    for index in first...editor.characters.count where x < rect.x + 2 + room {
      let isEnd = index == editor.characters.count
      var style = theme.style(.title)
      if let problem = line.problem, problem.range.contains(index) {
        style = theme.style(.critical)
        style.isUnderlined = true
      }
      if index == editor.cursor { style.isReversed = true }
      let text = isEnd ? " " : String(editor.characters[index]).shown
      x += grid.draw(text, at: x, rect.y, width: rect.x + 2 + room - x, style, ellipsis: "")
      if isEnd { break }
    }
  }

  private var hints: [(command: Command, label: String)] {
    // Most wanted first: what does not fit goes from the end.
    var hints: [(Command, String)] = [(.help, "Help"), (.filter, "Filter"), (.palette, "Commands")]
    hints += state.focus.type.hints.map { ($0.command, $0.label) }
    hints += [(.zoom, state.isZoomed ? "Unzoom" : "Zoom"), (.pause, state.isPaused ? "Live" : "Pause")]
    if state.isPaused { hints.append((.timeBack, "Time")) }
    if state.replaySpeed != nil { hints.append((.faster, "Speed")) }
    hints += [
      (.window, "Window"), (.pickServices, "Service"), (.pickNodes, "Node"), (.record, "Record"),
      (.theme, "Theme"), (.focusNext, "Next pane"), (.nextCircuitView, "Circuits"), (.latencyMode, "Mode"),
      (.sort, "Sort"), (.copy, "Copy"), (.hidePane, "Hide"), (.quit, "Quit"),
    ]
    var seen: Set<Command> = []
    return hints.filter { seen.insert($0.0).inserted }
  }

  /// The hints that fit, with their places.
  private func placedHints(width available: Int) -> [(x: Int, spans: [Span], command: Command)] {
    var parts = hints.map { hint -> (spans: [Span], command: Command) in
      let key =
        hint.command == .timeBack
        ? "←→" : hint.command == .faster ? "-+" : keyMap.keys(for: hint.command).first?.label ?? ""
      let gap = key.count > 2 ? " " : ""
      return (
        [Span(key + gap, theme.style(.key, bold: true)), Span(hint.label, theme.style(.muted))], hint.command
      )
    }.filter { !$0.spans[0].text.isEmpty }
    var width = parts.reduce(1) { $0 + $1.spans.displayWidth + 2 }
    // The last but one goes first: quit stays.
    while width > available, parts.count > 2 {
      width -= parts.remove(at: parts.count - 2).spans.displayWidth + 2
    }
    var x = 1
    return parts.map { part in
      defer { x += part.spans.displayWidth + 2 }
      return (x, part.spans, part.command)
    }
  }

  /// What a click on the line does; nil when it shows no hint there.
  func command(at column: Int, width: Int) -> Command? {
    guard state.message == nil, state.search == nil else { return nil }
    return placedHints(width: width).first { column >= $0.x && column < $0.x + $0.spans.displayWidth }?
      .command
  }

  private func drawHints(into grid: inout Grid, rect: Rect) {
    for hint in placedHints(width: rect.width) {
      grid.draw(
        hint.spans, at: rect.x + hint.x, rect.y, width: rect.width - hint.x, ellipsis: glyphs.ellipsis)
    }
  }
}
