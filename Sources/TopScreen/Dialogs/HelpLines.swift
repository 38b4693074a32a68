/// Every key with what it does, by group, and every mark with what it means, in lines that lose nothing.
struct HelpLines {
  var keyMap: KeyMap
  var context: PaneContext
  /// Of the lines.
  var width: Int

  func lines(matching query: String) -> [[Span]] {
    let query = query.lowercased()
    func matches(_ entry: (String, String)) -> Bool {
      query.isEmpty || entry.1.lowercased().contains(query) || entry.0.lowercased().contains(query)
    }
    var lines: [[Span]] = []
    func add(_ title: String, _ entries: [(String, String)], column: Int) {
      let entries = entries.filter(matches)
      if entries.isEmpty { return }
      if !lines.isEmpty { lines.append([]) }
      lines += title.wrapped(to: width).map { [Span($0, context.style(.accent, bold: true))] }
      for (name, text) in entries { lines += entry(name, text, column: column) }
    }
    add(
      "What do you want to know? From the overview:",
      Journey.allCases.map { ($0.keys(keyMap), $0.question) }, column: 20)
    for group in Command.Group.allCases { add(group.rawValue, entries(in: group), column: 18) }
    add("Marks", ScreenMark.allCases.map { ($0.text(context.glyphs), $0.meaning) }, column: 18)
    return lines
  }

  /// What stands in narrower lines is below its keys instead of beside them.
  private static let leastBeside = 24

  /// - Parameter column: where the text begins, beside the keys.
  private func entry(_ keys: String, _ text: String, column: Int) -> [[Span]] {
    let isBeside = width - column >= Self.leastBeside && DisplayWidth.of(keys) < column
    let indent = isBeside ? column : 2
    var lines = text.wrapped(to: max(1, width - indent)).map {
      [Span(String(repeating: " ", count: indent)), Span($0, context.text)]
    }
    if isBeside {
      lines[0][0] = Span(keys.padded(to: column), context.style(.key))
    } else {
      lines = keys.wrapped(to: width).map { [Span($0, context.style(.key))] } + lines
    }
    return lines
  }

  /// `1 … 9`.
  private var digits: String {
    let digits = PaneKind.allCases.compactMap(\.digit)
    return [digits.first, digits.last].compactMap(\.self).map(String.init).joined(separator: " … ")
  }

  private func name(_ pane: PaneKind) -> String {
    [pane.digit.map(String.init), pane.title].compactMap(\.self).joined(separator: " ")
  }

  private func entries(in group: Command.Group) -> [(String, String)] {
    let ctrlC = Key.control("c")
    var entries = Command.allCases.filter { $0.group == group }.map { command in
      (
        keyMap.keys(for: command).filter { $0 != ctrlC }.prefix(3).map(\.label).joined(separator: " "),
        command.title
      )
    }
    // Whatever is bound, it quits: what it opens or closes elsewhere is not what it does.
    if group == Command.quit.group, let quit = entries.firstIndex(where: { $0.1 == Command.quit.title }) {
      entries.insert((ctrlC.label, "Quit, whatever is open"), at: quit + 1)
    }
    if group == .panes {
      entries.append(
        (
          digits,
          "Focus a pane: " + PaneKind.allCases.map(name).joined(separator: ", ")
        ))
      entries.append(("click", "Focus a pane; a column's head sorts; the wheel scrolls"))
    }
    if group == .filter {
      entries.append(("terms", FilterCompletion.terms.joined(separator: " ") + "50ms text"))
      entries.append(("", "-term excludes, * stands for anything, a,b is a or b"))
    }
    return entries
  }
}
