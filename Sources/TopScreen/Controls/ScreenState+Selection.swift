import GenAPIValue
import TopModel

extension ScreenState {
  /// The rows of a pane that can be selected, and how many lines it shows at once.
  func rows(of pane: PaneKind, _ content: ScreenContent) -> (ids: [ByteText], height: Int) {
    let drawn = Panes.pane(pane, content: content, state: self)
    let height = (layout.rect(of: pane)?.height ?? 3) - 2 - drawn.headLines
    return (drawn.rowIDs, max(1, height))
  }

  /// The selected row of the focused pane.
  func selectedID(_ content: ScreenContent) -> ByteText? {
    let (ids, height) = rows(of: focus, content)
    if focus == .events, isFollowing { return ids.last }
    return self[list: focus].resolved(ids: ids, height: height).selected.map { ids[$0] }
  }

  /// What Enter shows details of.
  func selectedSubject(_ content: ScreenContent) -> DetailDialog.Subject? {
    guard let id = selectedID(content) else { return nil }
    switch focus {
    case .requests: return .function(id)
    case .limits:
      return LimitsPane(rows: content.limits).lines.first { $0.id == id }.map { .limit($0.limitID) }
    case .circuits:
      switch settings.circuitView {
      case .pools, .workers: return .pool(id)
      case .timeline, .openOnly: return .breaker(id)
      case .byService: return .service(id)
      }
    case .configs: return .service(id)
    case .relay: return .group(id)
    case .events: return content.events.first { $0.id == id }.map { .event($0) }
    case .nodes: return .node(id)
    case .alerts: return .alert(id)
    case .latency: return nil
    }
  }
}

extension LimitsPane.Line {
  fileprivate var limitID: ByteText {
    switch self {
    case .limit(let row), .key(let row, _): row.id
    }
  }
}
