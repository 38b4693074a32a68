/// Commands and panes by name.
package struct PaletteDialog: Equatable, Sendable {
  /// What can be run.
  enum Entry: Equatable, Sendable {
    case command(Command)
    /// Focuses the pane.
    case pane(PaneKind)

    static let all = Command.allCases.map(Entry.command) + PaneKind.allCases.map(Entry.pane)

    var name: String {
      switch self {
      case .command(let command): command.rawValue
      case .pane(let pane): "pane-" + pane.key.replacing("_", with: "-")
      }
    }

    var title: String {
      switch self {
      case .command(let command): command.title
      case .pane(let pane): "Focus the pane \(pane.title)"
      }
    }

    /// Whether it is called just that: a pane by its title, too.
    func isCalled(_ query: String) -> Bool {
      switch self {
      case .command: name == query
      case .pane(let pane): name == query || "\(pane.title)".lowercased().filter { $0 != " " } == query
      }
    }

    func keys(_ keyMap: KeyMap) -> String {
      switch self {
      case .command(let command): keyMap.keys(for: command).map(\.label).joined(separator: " ")
      case .pane(let pane): pane.digit.map(String.init) ?? ""
      }
    }
  }

  package var query = LineEditor()
  package var selected = 0

  package init() {}

  /// What has the query's letters in order in its name or title; the closest first.
  var matches: [Entry] {
    let query = query.text.lowercased().filter { $0 != " " }
    return Entry.all
      .compactMap { entry -> (Entry, Int)? in
        if entry.isCalled(query) { return (entry, -1) }
        return Self.score(query, in: entry.name + " " + entry.title.lowercased()).map { (entry, $0) }
      }
      .sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// How far apart the letters stand; nil when they do not all occur in order.
  static func score(_ query: String, in text: String) -> Int? {
    var position = text.startIndex
    let isTogether = text.contains(query)
    var score = 0
    for letter in query {
      guard let found = text[position...].firstIndex(of: letter) else { return nil }
      score += text.distance(from: position, to: found)
      position = text.index(after: found)
    }
    // Letters that stand together count before those that are strewn about.
    return isTogether ? min(score, 99) : 100 + score
  }
}
