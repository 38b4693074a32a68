import OutsideText

extension Grid {
  /// Marks a text wherever it stands in a rectangle, whatever its case, without a change of what is written there.
  mutating func mark(_ text: String, in rect: Rect, _ style: Style) {
    let wanted = text.lowercased().map(String.init)
    guard !wanted.isEmpty else { return }
    for y in max(0, rect.y)..<max(0, rect.y, min(rect.maxY, height)) {
      // The second column of a wide character has no text.
      let cells = (max(0, rect.x)..<max(0, rect.x, min(rect.maxX, width))).filter {
        !self[$0, y].text.isEmpty
      }
      guard cells.count >= wanted.count else { continue }
      let letters = cells.map { self[$0, y].text.lowercased() }
      for start in 0...(cells.count - wanted.count)
      where letters[start] == wanted[0] && letters[start..<start + wanted.count].elementsEqual(wanted) {
        for x in cells[start..<start + wanted.count] {
          highlight(Rect(x: x, y: y, width: 1, height: 1), style)
        }
      }
    }
  }
}
