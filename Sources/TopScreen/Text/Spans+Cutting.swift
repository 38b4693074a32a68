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
  /// Cuts the names of a page's lists and fills their fields. Those with the same place and field stand below each other: no two different
  /// ones look alike, where that can be, and none runs into what stands behind it.
  mutating func cutNames(ellipsis: String) {
    var names: [FieldPlace: [String]] = [:]
    for line in self {
      for (place, span) in line.enumerated() {
        if let field = span.field {
          names[FieldPlace(span: place, field: field), default: []].append(span.text)
        }
      }
    }
    guard !names.isEmpty else { return }
    let cuts = Dictionary(
      uniqueKeysWithValues: names.map { place, texts in
        (place, CutNames(texts, width: Swift.max(0, place.field - 1), ellipsis: ellipsis))
      })
    for line in indices {
      for place in self[line].indices {
        guard let field = self[line][place].field,
          let cut = cuts[FieldPlace(span: place, field: field)]?[self[line][place].text]
        else { continue }
        self[line][place].text = cut.padded(to: field, ellipsis: ellipsis)
        self[line][place].field = nil
      }
    }
  }

  /// Names of rows that stand below each other, each at most `width` columns; no two different ones look alike, where that can be.
  ///
  /// - Parameter unseen: other names that exist; asked for only where a name is cut.
  func cutInside(to width: Int, beside unseen: () -> [String] = { [] }, ellipsis: String) -> [[Span]] {
    guard contains(where: { $0.displayWidth > width }) else { return self }
    return cutInside(to: map { _ in width }, beside: unseen(), ellipsis: ellipsis)
  }

  /// The same where each row has a width of its own.
  func cutInside(to widths: [Int], beside unseen: [String] = [], ellipsis: String) -> [[Span]] {
    var rows = self
    // The longest text of each gives way, beside all others that do, also those that have another room: what only looks alike as a
    // whole is the same name to who reads it.
    let places = rows.map { row in
      row.indices.max { DisplayWidth.of(row[$0].text) < DisplayWidth.of(row[$1].text) }
    }
    let rooms = rows.indices.map { index in
      places[index].map { place in
        let text = DisplayWidth.of(rows[index][place].text)
        return Swift.max(1, text + Swift.min(0, widths[index] - rows[index].displayWidth))
      } ?? widths[index]
    }
    // What is whole has a room of its own width, and is nothing to be told apart.
    let cut = rows.indices.filter { rows[$0].displayWidth > widths[$0] }
    let names = cut.compactMap { index in places[index].map { rows[index][$0].text } }
    for (room, indexes) in Dictionary(grouping: cut, by: { rooms[$0] }) {
      let cuts = CutNames(names, beside: unseen, width: room, ellipsis: ellipsis)
      for index in indexes {
        if let place = places[index] { rows[index][place].text = cuts[rows[index][place].text] }
      }
    }
    return rows
  }
}

/// Which names of a page stand below each other.
private struct FieldPlace: Hashable {
  /// Its number in the line.
  var span: Int
  var field: Int
}
