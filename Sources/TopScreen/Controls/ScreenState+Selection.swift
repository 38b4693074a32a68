import GenAPIValue
import TopModel

extension ScreenState {
  /// The rows of a pane that can be selected, and how many lines it shows at once.
  func rows(of pane: PaneKind, _ content: ScreenContent) -> (ids: [ByteText], height: Int) {
    let drawn = pane.type.init(content, self)
    let height = (layout.rect(of: pane)?.height ?? 3) - 2 - drawn.headLines
    return (drawn.rowIDs, max(1, height))
  }

  /// The selected row of the focused pane.
  func selectedID(_ content: ScreenContent) -> ByteText? {
    let (ids, height) = rows(of: focus, content)
    if focus.type.isTail, isFollowing { return ids.last }
    return self[list: focus].resolved(ids: ids, height: height).selected.map { ids[$0] }
  }

  /// What Enter shows details of.
  func selectedSubject(_ content: ScreenContent) -> DetailDialog.Subject? {
    selectedID(content).flatMap { focus.type.init(content, self).subject(of: $0) }
  }
}
