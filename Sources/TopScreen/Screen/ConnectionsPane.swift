import OutsideText
import TopModel

/// Before any gateway has answered: what became of each target, in words.
struct ConnectionsPane {
  var targets: [TargetView]
  var at: Int64

  /// Rows it needs, its frame included, so that nothing of it is cut.
  func wantedHeight(width: Int, context: PaneContext) -> Int {
    let width = width - 2
    return lines(width: width, context).count + hint(width: width).count + 3
  }

  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let inside = grid.box(
      rect, border: context.style(.borderFocused),
      left: [Span("Connections", context.style(.title, bold: true))],
      right: [], glyphs: context.glyphs)
    let hint = hint(width: inside.width)
    let lines = lines(width: inside.width, context)
    // What to do is worth more than the tenth target.
    let room = max(1, inside.height - hint.count - 1)
    var y = inside.y + (room > lines.count + 1 ? 1 : 0)
    for line in lines.prefix(room) where y < inside.maxY {
      grid.draw(line, at: inside.x + 2, y, width: inside.width - 3, ellipsis: context.glyphs.ellipsis)
      y += 1
    }
    for line in hint where y + 1 < inside.maxY {
      grid.draw(
        line, at: inside.x + 2, y + 1, width: inside.width - 3, context.muted,
        ellipsis: context.glyphs.ellipsis)
      y += 1
    }
  }

  /// Each target, and below it why it is not there.
  private func lines(width: Int, _ context: PaneContext) -> [[Span]] {
    targets.flatMap { target -> [[Span]] in
      let address = Span(target.address.shown, context.style(.title))
      switch target.connection {
      case .connecting:
        return [
          [
            Span("\(context.glyphs.pending) ", context.style(.warn)), address,
            Span("  \(target.readingWords ?? "connecting")", context.muted),
          ]
        ]
      case .live:
        return [
          [
            Span("\(context.glyphs.up) ", context.style(.ok)), address,
            Span("  connected, \(target.readingWords ?? "waiting for its first numbers")", context.muted),
          ]
        ]
      case .down(let reason, let retryInMs):
        var first = [Span("\(context.glyphs.down) ", context.style(.critical, bold: true)), address]
        if target.absence == .tokenRefused {
          first.append(Span("  token refused", context.style(.critical, bold: true)))
        }
        first.append(
          Span("  next try in \(TimeText.duration(milliseconds: max(0, retryInMs)))", context.muted))
        let why = reason.shown.wrapped(to: max(10, width - 7)).prefix(3)
        return [first] + why.map { [Span("  " + $0, context.style(.critical))] }
      }
    }
  }

  private func hint(width: Int) -> [String] {
    let isRefused = targets.contains { $0.absence == .tokenRefused }
    let hint =
      isRefused
      ? "The token is what the gateway's configuration has in [telemetry]: --token-file, token_file or GENAPI_TOKEN."
      : targets.allSatisfy { $0.address.hasPrefix("erlang:") }
        ? "A node is named as node() tells it there; its cookie is that of --cookie-file, GENAPI_COOKIE or ~/.erlang.cookie."
        : "A gateway listens on 127.0.0.1:4710 unless told otherwise; genapi-top --demo brings its own."
    return hint.wrapped(to: max(10, width - 4))
  }
}

extension TargetView {
  /// `reading 5 000 functions`, before its first numbers are here; nil where there is nothing to say of that.
  var readingWords: String? {
    guard isReading || connection == .connecting && functionsToRead ?? 0 > 0 else { return nil }
    guard let count = functionsToRead, count > 0 else { return "reading its numbers" }
    return "reading \(NumberText.grouped(Int64(count))) function\(count == 1 ? "" : "s")"
  }
}
