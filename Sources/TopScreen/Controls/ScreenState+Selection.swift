import GenAPIValue
import TopModel

extension ScreenState {
  /// How a pane's list stands. One without the keys stands at its first row, where what is wrong is, unless the user chose
  /// another a moment ago; that of the events follows the newest, or is held.
  func list(of pane: PaneKind, at now: Int64) -> ListState {
    let list = self[list: pane]
    return pane == focus || pane.type.isTail || list.isChosen(at: now) ? list : ListState()
  }

  /// Notes which rows were chosen since a moment before, and comes to the first row of a pane that has the keys since.
  mutating func noteChoices(since lists: [PaneKind: ListState], _ before: PaneKind, at now: Int64) {
    for (pane, list) in self.lists where list.selectedID != nil && list != lists[pane] {
      self.lists[pane]?.chosenAt = now
    }
    guard focus != before, !focus.type.isTail, !self[list: focus].isChosen(at: now) else { return }
    self[list: focus] = ListState()
  }

  /// The rows of a pane that can be selected, and how many lines it shows at once.
  func rows(of pane: PaneKind, _ content: ScreenContent) -> (ids: RowIDs, height: Int) {
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

  /// Where details stand beside or below a zoomed list, the frame included; nil where they lie over the panes.
  func previewPlace(_ content: ScreenContent) -> Rect? {
    guard isZoomed, content.previewed != nil else { return nil }
    let layout = layout
    if !layout.preview.isEmpty { return layout.preview }
    guard let rect = layout.rect(of: focus) else { return nil }
    return SelectionPreview.split(rect, for: focus.type.init(content, self))?.preview
  }

  /// The columns a page of details may use.
  func pageWidth(_ content: ScreenContent) -> Int {
    previewPlace(content).map { max(30, $0.width - 4) } ?? DetailPage.width(of: size)
  }

  /// The lines of a page of details that are seen at once.
  func pageHeight(_ page: DetailPage, _ content: ScreenContent) -> Int {
    let place =
      previewPlace(content)
      ?? DialogView.frame(width: page.width, height: page.lines.count, in: size)
    return place.height - 2
  }

  /// What Enter shows details of.
  func selectedSubject(_ content: ScreenContent) -> DetailDialog.Subject? {
    selectedID(content).flatMap { focus.type.init(content, self).subject(of: $0) }
  }
}
