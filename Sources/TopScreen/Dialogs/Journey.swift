/// A question that operators ask, with the keys that answer it from the overview.
package enum Journey: CaseIterable, Sendable {
  case slow, refused, breaker, config, relay, past, user, share

  package var question: String {
    switch self {
    case .slow: "Which function is slow or fails, on which node, for whom?"
    case .refused: "Who is refused, and since when?"
    case .breaker: "Which breaker is open, why, and what does it refuse?"
    case .config: "Which gateway has another config, and what differs?"
    case .relay: "Why does a member of a group get nothing?"
    case .past: "How was it 7 minutes ago, compared with now?"
    case .user: "Everything about a user, then one request"
    case .share: "Show it to somebody"
    }
  }

  /// What is pressed: a command's key, or something else by its name.
  var steps: [Step] {
    switch self {
    case .slow: [.pane(.requests), .command(.open)]
    case .refused: [.pane(.limits), .command(.open)]
    case .breaker: [.pane(.circuits), .command(.follow)]
    case .config: [.pane(.configs), .command(.open)]
    case .relay: [.pane(.relay), .command(.open), .command(.open)]
    case .past: [.command(.compare), .text("7m"), .command(.open)]
    case .user: [.command(.findUser), .text("NAME"), .command(.open), .command(.open)]
    case .share: [.command(.open), .command(.share)]
    }
  }

  enum Step: Equatable, Sendable {
    case pane(PaneKind)
    case command(Command)
    case text(String)
  }

  /// `4 o`, with the user's own keys.
  func keys(_ keyMap: KeyMap) -> String {
    steps.map { step in
      switch step {
      case .pane(let pane): pane.digit.map(String.init) ?? pane.title
      case .command(let command): keyMap.keys(for: command).first?.label ?? command.rawValue
      case .text(let text): text
      }
    }.joined(separator: " ")
  }
}
