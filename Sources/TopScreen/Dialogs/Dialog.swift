/// What lies over the panes.
public enum Dialog: Equatable, Sendable {
  case help(HelpDialog)
  case palette(PaletteDialog)
  case picker(PickerDialog)
  case detail(DetailDialog)
}

/// Every key, searchable.
public struct HelpDialog: Equatable, Sendable {
  public var query = LineEditor()
  public var offset = 0

  public init() {}
}

/// Commands by name.
public struct PaletteDialog: Equatable, Sendable {
  public var query = LineEditor()
  public var selected = 0

  public init() {}

  /// The commands whose name or title has the query's letters in order; the closest first.
  public var matches: [Command] {
    let query = query.text.lowercased().filter { $0 != " " }
    return Command.allCases
      .compactMap { command in
        Self.score(query, in: command.rawValue + " " + command.title.lowercased()).map { (command, $0) }
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
