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
    return state.usesASCII ? grid.asciiOnly() : grid
  }

  private func context(
    for pane: PaneKind, content: ScreenContent, state: ScreenState, glyphs: GlyphSet
  ) -> PaneContext {
    var context = PaneContext(
      theme: theme, glyphs: glyphs, settings: state.settings, isFocused: pane == state.focus,
      list: state[list: pane], at: content.header.at, clockOffset: state.clockOffset,
      staleSeconds: content.staleSeconds,
      connectionNote: content.isUnconnected ? "waiting for a gateway" : nil)
    context.columns = state.columns[pane] ?? []
    context.isNothingKept = content.header.isNothingKept
    context.watchedSeconds = content.header.watchedSeconds
    context.narrowsToServiceNodes = content.header.narrowsToServiceNodes
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
