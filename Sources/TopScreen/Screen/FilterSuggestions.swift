import OutsideText
import TopModel

/// What could be typed next, above the filter line: the terms with their meaning, or the values on the screen.
struct FilterSuggestions {
  var line: FilterLine
  var theme: Theme
  var glyphs: GlyphSet

  private static let mostRows = 11

  func draw(into grid: inout Grid, above footer: Rect) {
    let chosen = line.completion
    guard let completion = chosen ?? FilterCompletion(line) else { return }
    let candidates = completion.candidates
    let height = min(candidates.count, Self.mostRows, footer.y - 3)
    guard height > 0, footer.width >= 40 else { return }
    let meanings = candidates.map { FilterCompletion.meaning(of: $0) ?? "" }
    let nameWidth = min(32, candidates.reduce(8) { max($0, DisplayWidth.of($1.shown)) })
    let meaningWidth = meanings.reduce(0) { max($0, $1.count) }
    let width = min(footer.width - 2, nameWidth + 4 + (meaningWidth > 0 ? meaningWidth + 2 : 0))
    // Under the part that is typed, as far as it fits.
    let x = max(0, min(footer.x + 1 + DisplayWidth.of(completion.before), footer.maxX - width))
    let rect = Rect(x: x, y: footer.y - height - 2, width: width, height: height + 2)
    grid.fill(rect, theme.base)
    let inside = grid.box(rect, border: theme.style(.borderFocused), glyphs: glyphs)
    let offset = ListState.offset(
      from: 0, showing: chosen == nil ? 0 : completion.index, count: candidates.count, height: height)
    for row in 0..<height {
      let index = offset + row
      grid.draw(
        candidates[index].shown, at: inside.x + 1, inside.y + row,
        width: min(nameWidth, inside.width - 2),
        theme.style(.accent), ellipsis: glyphs.ellipsis)
      if inside.width > nameWidth + 4 {
        grid.draw(
          meanings[index], at: inside.x + nameWidth + 3, inside.y + row, width: inside.width - nameWidth - 4,
          theme.style(.muted), ellipsis: glyphs.ellipsis)
      }
      if chosen != nil, index == completion.index {
        grid.highlight(
          Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1), theme.style(.selection))
      }
    }
  }
}
