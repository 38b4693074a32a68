import OutsideText

/// One pane: its data, and how it is drawn.
protocol Pane {
  var kind: PaneKind { get }
  /// Beside the number and the name at the left of the title.
  func subtitle(_ context: PaneContext) -> [Span]
  /// The one fact that matters, at the right of the title.
  func fact(_ context: PaneContext) -> [Span]
  /// Why there is nothing to show; nil when there is something.
  func emptyReason(_ context: PaneContext) -> String?
  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext)
  /// Identities of the rows that can be selected, in order.
  var rowIDs: [ByteText] { get }
  /// Lines of the content that are not rows, such as a head.
  var headLines: Int { get }
  /// Lines it would like to have inside its frame.
  func wantedLines(width: Int) -> Int
}

extension Pane {
  func subtitle(_ context: PaneContext) -> [Span] { [] }

  func wantedLines(width: Int) -> Int { headLines + rowIDs.count }

  /// Draws the frame, the title and the content, or why there is none.
  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let theme = context.theme
    var context = context
    context.width = rect.width
    var left = [
      Span(String(kind.rawValue), context.isFocused ? theme.style(.accent, bold: true) : theme.style(.muted)),
      Span(" " + kind.title, theme.style(.title, bold: true)),
    ]
    let more = subtitle(context)
    if !more.isEmpty { left += [Span(" ")] + more }
    if let mark = narrowingMark(context) { left += [Span(" " + mark, theme.style(.warn))] }
    var right = fact(context)
    if let seconds = context.staleSeconds {
      right = [
        Span(
          "\(context.glyphs.warning) stale \(TimeText.age(seconds: seconds))", theme.style(.warn, bold: true))
      ]
    }
    let inside = grid.box(
      rect, border: theme.style(context.isFocused ? .borderFocused : .border), left: left, right: right,
      glyphs: context.glyphs)
    guard !inside.isEmpty else { return }
    if let reason = emptyReason(context) {
      drawEmpty(context.connectionNote ?? reason, into: &grid, rect: inside, context: context)
    } else {
      drawContent(into: &grid, rect: inside, context: context)
    }
  }

  /// What of the filter the pane does not follow; nil when it follows all.
  private func narrowingMark(_ context: PaneContext) -> String? {
    let others = context.settings.filter.keys.filter { !kind.narrowedBy.contains($0) }
    if !others.isEmpty { return "not by " + others.joined(separator: ", ") }
    let isOfAllNodes = context.narrowsToServiceNodes && (kind == .requests || kind == .latency)
    return isOfAllNodes ? "all nodes" : nil
  }

  private func drawEmpty(_ reason: String, into grid: inout Grid, rect: Rect, context: PaneContext) {
    let lines = reason.wrapped(to: max(1, rect.width - 2))
    let first = rect.y + max(0, (rect.height - lines.count) / 2)
    for (index, line) in lines.enumerated() where first + index < rect.maxY {
      grid.draw(
        line, at: rect.x + 1, first + index, width: rect.width - 2, context.muted, .center,
        ellipsis: context.glyphs.ellipsis)
    }
  }

  /// The reason of an empty pane, or that the filter hides it all.
  func reason(_ text: String, _ context: PaneContext) -> String {
    let filter = context.settings.filter.text
    return filter.isEmpty ? text : "nothing matches the filter \(filter.shown)"
  }
}
