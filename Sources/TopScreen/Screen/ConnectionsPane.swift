import OutsideText
import TopModel

/// Before any gateway has answered: what became of each target, in words.
struct ConnectionsPane {
  var targets: [TargetView]
  var at: Int64

  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let inside = grid.box(
      rect, border: context.style(.borderFocused),
      left: [Span("Connections", context.style(.title, bold: true))],
      right: [], glyphs: context.glyphs)
    var y = inside.y + (inside.height > targets.count * 2 + 2 ? 1 : 0)
    for target in targets where y < inside.maxY {
      var spans: [Span]
      switch target.connection {
      case .connecting:
        spans = [Span("\(context.glyphs.pending) ", context.style(.warn))]
        spans.append(Span(target.address.shown, context.style(.title)))
        spans.append(Span("  connecting", context.muted))
      case .live:
        spans = [Span("\(context.glyphs.up) ", context.style(.ok))]
        spans.append(Span(target.address.shown, context.style(.title)))
        spans.append(Span("  connected, waiting for its first numbers", context.muted))
      case .down(_, let retryInMs):
        spans = [Span("\(context.glyphs.down) ", context.style(.critical, bold: true))]
        spans.append(Span(target.address.shown, context.style(.title)))
        if target.absence == .tokenRefused {
          spans.append(Span("  token refused", context.style(.critical, bold: true)))
        }
        spans.append(
          Span("  next try in \(TimeText.duration(milliseconds: max(0, retryInMs)))", context.muted))
      }
      grid.draw(spans, at: inside.x + 2, y, width: inside.width - 3, ellipsis: context.glyphs.ellipsis)
      y += 1
      guard case .down(let reason, _) = target.connection else { continue }
      for line in reason.shown.wrapped(to: max(10, inside.width - 7)).prefix(3) where y < inside.maxY {
        grid.draw(line, at: inside.x + 4, y, width: inside.width - 5, context.style(.critical))
        y += 1
      }
    }
    let isRefused = targets.contains { $0.absence == .tokenRefused }
    let hint =
      isRefused
      ? "The token is what the gateway's configuration has in [telemetry]: --token-file, token_file or GENAPI_TOKEN."
      : "A gateway listens on 127.0.0.1:4710 unless told otherwise; genapi-top --demo brings its own."
    for line in hint.wrapped(to: max(10, inside.width - 4)) where y + 1 < inside.maxY {
      grid.draw(
        line, at: inside.x + 2, y + 1, width: inside.width - 3, context.muted,
        ellipsis: context.glyphs.ellipsis)
      y += 1
    }
  }
}
