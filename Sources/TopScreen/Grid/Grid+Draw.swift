extension Grid {
  /// Draws text in a field of `width` columns, cut with `…` where it does not fit, and returns how many columns
  /// it took. A wide character is drawn whole or not at all, and one that is half painted over disappears, so
  /// that every row keeps its width. A style without a background keeps the one that is there. `text` is shown
  /// as it is: sanitise what strangers fill.
  @discardableResult
  package mutating func draw(
    _ text: String, at x: Int, _ y: Int, width field: Int, _ style: Style, _ alignment: Alignment = .left,
    ellipsis: String = "…"
  ) -> Int {
    guard y >= 0, y < height, field > 0, x < width else { return 0 }
    let text = text.truncated(to: field, ellipsis: ellipsis)
    let taken = DisplayWidth.of(text)
    var column = x
    switch alignment {
    case .left: break
    case .right: column += max(0, field - taken)
    case .center: column += max(0, (field - taken) / 2)
    }
    for cluster in text {
      let clusterWidth = DisplayWidth.of(cluster)
      if clusterWidth == 0 { continue }
      place(cluster, width: clusterWidth, at: column, y, style)
      column += clusterWidth
    }
    return taken
  }

  /// One cluster of one or two columns.
  mutating func place(_ cluster: Character, width clusterWidth: Int, at x: Int, _ y: Int, _ style: Style) {
    guard x >= 0, y >= 0, y < height, x < width else { return }
    var style = style
    if style.background == nil { style.background = self[x, y].style.background }
    clearHalves(x, y)
    if clusterWidth == 2 {
      guard x + 1 < width else {
        self[x, y] = Cell(" ", style)
        return
      }
      clearHalves(x + 1, y)
      self[x, y] = Cell(String(cluster), style)
      self[x + 1, y] = Cell("", style)
    } else {
      self[x, y] = Cell(Self.text(of: cluster), style)
    }
  }

  /// Blanks the other half of a wide character of which one half is about to be painted over.
  private mutating func clearHalves(_ x: Int, _ y: Int) {
    if self[x, y].text.isEmpty {
      self[x - 1, y].text = " "
    } else if x + 1 < width, self[x + 1, y].text.isEmpty {
      self[x + 1, y].text = " "
    }
  }

  package mutating func fill(_ rect: Rect, _ style: Style, with text: Character = " ") {
    for y in max(0, rect.y)..<max(0, rect.y, min(rect.maxY, height)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(rect.maxX, width)) {
        place(text, width: 1, at: x, y, style)
      }
    }
  }

  /// Gives every cell of the rectangle another background and, if given, another foreground.
  package mutating func highlight(_ rect: Rect, _ style: Style) {
    for y in max(0, rect.y)..<max(0, rect.y, min(rect.maxY, height)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(rect.maxX, width)) {
        var cell = self[x, y]
        if let background = style.background { cell.style.background = background }
        if let foreground = style.foreground { cell.style.foreground = foreground }
        if style.isReversed {
          cell.style.isReversed = true
          // What is dim would be a hole in the row: its ground would be dim.
          cell.style.isDim = false
        }
        if style.isBold { cell.style.isBold = true }
        if style.isDim { cell.style.isDim = true }
        if style.isUnderlined { cell.style.isUnderlined = true }
        self[x, y] = cell
      }
    }
  }

  /// Draws spans one after the other and returns the columns taken.
  @discardableResult
  package mutating func draw(
    _ spans: [Span], at x: Int, _ y: Int, width field: Int, ellipsis: String = "…"
  ) -> Int {
    var used = 0
    for span in spans where used < field {
      used += draw(span.text, at: x + used, y, width: field - used, span.style, ellipsis: ellipsis)
    }
    return used
  }

  private static func text(of cluster: Character) -> String {
    if let ascii = cluster.asciiValue, ascii >= 0x20, ascii < 0x7F { return asciiTexts[Int(ascii) - 0x20] }
    return String(cluster)
  }

  private static let asciiTexts = (UInt8(0x20)..<0x7F).map { String(UnicodeScalar($0)) }
}
