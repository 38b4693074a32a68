import TopModel

/// Draws the whole screen: a pure function from data, state and theme to cells.
package struct ScreenRenderer: Sendable {
  package var theme: Theme
  package var keyMap: KeyMap
  /// Told of every pane before it is drawn, so that a crash can name it.
  package var willDraw: (@Sendable (PaneKind) -> Void)?

  package init(theme: Theme = .standard, keyMap: KeyMap = .standard) {
    self.theme = theme
    self.keyMap = keyMap
  }

  package func render(_ content: ScreenContent, state: ScreenState) -> Grid {
    let size = state.size
    var grid = Grid(width: size.width, height: size.height, filledWith: theme.base)
    let layout = state.layout
    let glyphs: GlyphSet = state.usesASCII ? .ascii : .unicode
    if layout.mode == .tooSmall {
      drawTooSmall(into: &grid, size: size)
      return state.usesASCII ? grid.asciiOnly() : grid
    }
    HeaderBar(content: content, state: state, theme: theme, glyphs: glyphs)
      .draw(into: &grid, rect: layout.header)
    if !layout.switcher.isEmpty {
      SwitcherBar(focus: state.focus, troubles: content.troubles, theme: theme, glyphs: glyphs)
        .draw(into: &grid, rect: layout.switcher)
    }
    for place in layout.places {
      willDraw?(place.pane)
      let context = context(for: place.pane, content: content, state: state, glyphs: glyphs)
      let isConnections = content.isUnconnected && place.pane == layout.places.first?.pane
      if isConnections {
        let pane = ConnectionsPane(targets: content.header.targets, at: content.header.at)
        let isWhole = pane.wantedHeight(width: place.rect.width, context: context) <= place.rect.height
        pane.draw(into: &grid, rect: isWhole ? place.rect : layout.body, context: context)
        // The other panes wait for a gateway anyhow.
        if !isWhole { break }
      } else {
        let pane = place.pane.type.init(content, state)
        var rect = place.rect
        var preview = layout.preview
        if content.previewed != nil, preview.isEmpty, let parts = SelectionPreview.split(rect, for: pane) {
          (rect, preview) = parts
        }
        pane.draw(into: &grid, rect: rect, context: context)
        if !preview.isEmpty {
          SelectionPreview(subject: content.previewed, content: content)
            .draw(into: &grid, rect: preview, context: context)
        }
      }
    }
    FooterBar(state: state, keyMap: keyMap, theme: theme, glyphs: glyphs)
      .draw(into: &grid, rect: layout.footer)
    if let line = state.filterLine, state.dialogs.isEmpty {
      FilterSuggestions(line: line, theme: theme, glyphs: glyphs)
        .draw(into: &grid, above: layout.footer)
    }
    // Only the top one: those below would show at its edges.
    if let dialog = state.dialogs.last {
      DialogView(
        content: content, keyMap: keyMap,
        context: context(for: state.focus, content: content, state: state, glyphs: glyphs),
        preview: state.previewPlace(content)
      )
      .draw(dialog, into: &grid)
    }
    markFound(into: &grid, content, state)
    return state.usesASCII ? grid.asciiOnly() : grid
  }

  /// What is searched for, wherever it stands in the pane or the page.
  private func markFound(into grid: inout Grid, _ content: ScreenContent, _ state: ScreenState) {
    guard let search = state.search, search.isOn(state) else { return }
    var style = Style()
    style.isUnderlined = true
    style.isBold = true
    guard let dialog = state.dialogs.last else {
      if let rect = state.layout.rect(of: search.pane) {
        grid.mark(search.editor.text, in: rect.inset(horizontally: 1, vertically: 1), style)
      }
      return
    }
    guard case .detail(let detail) = dialog else { return }
    let page = DetailPage(
      detail, content: content,
      context: context(
        for: state.focus, content: content, state: state, glyphs: state.usesASCII ? .ascii : .unicode),
      width: DetailPage.width(of: state.size))
    let place = DialogRectangles(dialog, page: page, size: state.size)
    let inside = place.frame.inset(horizontally: 1, vertically: 1)
    grid.mark(search.editor.text, in: inside, style)
    // Among several on a page, the one that n and N go from.
    guard let line = search.line else { return }
    let y = inside.y + line - detail.shownOffset(page, height: inside.height)
    guard y >= inside.y, y < inside.maxY else { return }
    style.isReversed = true
    grid.mark(search.editor.text, in: Rect(x: inside.x, y: y, width: inside.width, height: 1), style)
  }

  private func context(
    for pane: PaneKind, content: ScreenContent, state: ScreenState, glyphs: GlyphSet
  ) -> PaneContext {
    var context = PaneContext(
      theme: theme, glyphs: glyphs, settings: state.settings, isFocused: pane == state.focus,
      list: state.list(of: pane, at: content.header.at), at: content.header.at,
      clockOffset: state.clockOffset,
      staleSeconds: content.staleSeconds,
      connectionNote: content.connectionNote)
    context.columns = state.columns[pane] ?? []
    context.sort = state.sort(of: pane)
    context.mark = state.mark
    context.changes = content.changes[pane]
    context.isNothingKept = content.header.isNothingKept
    context.watchedSeconds = content.header.watchedSeconds
    context.unknown = content.header.unknown
    context.narrowsToServiceNodes = content.header.narrowsToServiceNodes
    context.targets = content.header.targets
    return context
  }

  private func drawTooSmall(into grid: inout Grid, size: ScreenSize) {
    let least = ScreenLayout.smallestPane
    for (row, line) in "needs \(least.width)×\(least.height), has \(size.width)×\(size.height)"
      .wrapped(to: max(1, size.width)).enumerated()
    {
      grid.draw(line, at: 0, row, width: size.width, theme.style(.warn))
    }
  }
}
