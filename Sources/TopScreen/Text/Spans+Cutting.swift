extension [Span] {
  /// At most `width` columns: the longest text gives way, out of its middle.
  func cutInside(to width: Int, ellipsis: String) -> [Span] {
    let excess = displayWidth - width
    let widths = map { DisplayWidth.of($0.text) }
    guard excess > 0, let longest = indices.max(by: { widths[$0] < widths[$1] }) else { return self }
    var spans = self
    let room = Swift.max(1, widths[longest] - excess)
    spans[longest].text = self[longest].text.truncatedInside(to: room, ellipsis: ellipsis)
    return spans
  }
}

extension [[Span]] {
  /// Names of rows that stand below each other, each at most `width` columns; no two different ones look alike, where that can be.
  func cutInside(to width: Int, ellipsis: String) -> [[Span]] {
    guard contains(where: { $0.displayWidth > width }) else { return self }
    var rows = self
    // The longest text of each gives way, those that have the same room beside each other.
    let places = rows.map { row in
      row.indices.max { DisplayWidth.of(row[$0].text) < DisplayWidth.of(row[$1].text) }
    }
    let rooms = rows.indices.map { index in
      places[index].map { place in
        let text = DisplayWidth.of(rows[index][place].text)
        return Swift.max(1, text + Swift.min(0, width - rows[index].displayWidth))
      } ?? width
    }
    for (room, indexes) in Dictionary(grouping: rows.indices, by: { rooms[$0] }) {
      let names = indexes.compactMap { index in places[index].map { rows[index][$0].text } }
      let cuts = CutNames(names, width: room, ellipsis: ellipsis)
      for index in indexes {
        if let place = places[index] { rows[index][place].text = cuts[rows[index][place].text] }
      }
    }
    return rows
  }
}
