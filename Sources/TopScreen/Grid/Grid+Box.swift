extension Grid {
  /// A frame with rounded corners, a title at the left and one at the right of its upper edge. The right one
  /// gives way when both do not fit. Returns what is inside.
  @discardableResult
  package mutating func box(
    _ rect: Rect, border: Style, left: [Span] = [], right: [Span] = [], glyphs: GlyphSet
  ) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else {
      fill(rect, border)
      return Rect(x: rect.x, y: rect.y, width: 0, height: 0)
    }
    let lastX = rect.maxX - 1
    let lastY = rect.maxY - 1
    for x in (rect.x + 1)..<max(rect.x + 1, lastX) {
      place(glyphs.horizontal, width: 1, at: x, rect.y, border)
      place(glyphs.horizontal, width: 1, at: x, lastY, border)
    }
    for y in (rect.y + 1)..<max(rect.y + 1, lastY) {
      place(glyphs.vertical, width: 1, at: rect.x, y, border)
      place(glyphs.vertical, width: 1, at: lastX, y, border)
    }
    place(glyphs.topLeft, width: 1, at: rect.x, rect.y, border)
    place(glyphs.topRight, width: 1, at: lastX, rect.y, border)
    place(glyphs.bottomLeft, width: 1, at: rect.x, lastY, border)
    place(glyphs.bottomRight, width: 1, at: lastX, lastY, border)
    drawTitles(rect, left: left, right: right, glyphs: glyphs)
    return rect.inset(horizontally: 1, vertically: 1)
  }

  private mutating func drawTitles(_ rect: Rect, left: [Span], right: [Span], glyphs: GlyphSet) {
    let room = rect.width - 2
    var used = 0
    if !left.isEmpty {
      used = draw(left, at: rect.x + 1, rect.y, width: room, ellipsis: glyphs.ellipsis)
      if used < room { used += draw(" ", at: rect.x + 1 + used, rect.y, width: 1, Style()) }
    }
    guard !right.isEmpty else { return }
    let padded = [Span(" ")] + right + [Span(" ")]
    let wanted = padded.displayWidth
    // Two cells of border between the titles, one after the right one.
    let free = room - used - 2
    guard free >= 5 else { return }
    let width = min(wanted, free)
    draw(padded, at: rect.maxX - 2 - width, rect.y, width: width, ellipsis: glyphs.ellipsis)
  }
}
