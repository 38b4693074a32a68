/// Every key with what it does, by group.
struct HelpLines {
  var keyMap: KeyMap
  var context: PaneContext

  func lines(matching query: String) -> [[Span]] {
    let query = query.lowercased()
    var lines: [[Span]] = []
    let journeys = Journey.allCases.map { ($0.keys(keyMap), $0.question) }.filter { keys, question in
      query.isEmpty || question.lowercased().contains(query) || keys.lowercased().contains(query)
    }
    if !journeys.isEmpty {
      lines.append([Span("What do you want to know? From the overview:", context.style(.accent, bold: true))])
      for (keys, question) in journeys {
        lines.append([Span(keys.padded(to: 20), context.style(.key)), Span(question, context.text)])
      }
    }
    for group in Command.Group.allCases {
      let entries = entries(in: group).filter { keys, title in
        query.isEmpty || title.lowercased().contains(query) || keys.lowercased().contains(query)
      }
      if entries.isEmpty { continue }
      if !lines.isEmpty { lines.append([]) }
      lines.append([Span(group.rawValue, context.style(.accent, bold: true))])
      for (keys, title) in entries {
        lines.append([Span(keys.padded(to: 18), context.style(.key)), Span(title, context.text)])
      }
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
    var entries = Command.allCases.filter { $0.group == group }.map { command in
      (keyMap.keys(for: command).prefix(3).map(\.label).joined(separator: " "), command.title)
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
      entries.append(("terms", "service: type: node: user: req: cat: event: version: status: dur:>50ms text"))
      entries.append(("", "-term excludes, * stands for anything, a,b is a or b"))
    }
    return entries
  }
}
