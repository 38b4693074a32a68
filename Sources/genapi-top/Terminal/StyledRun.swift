import TopScreen

/// Neighbouring cells of one style, as the characters one call writes.
struct StyledRun: Equatable {
  var style: Style
  var text: [Unicode.Scalar]

  /// A row of the grid as runs that fill exactly `columns` columns of the terminal.
  ///
  /// The terminal and the grid must agree about every character's width, or borders break: a cluster for which
  /// the C library sees another width than the grid (a joined emoji is several wide characters to it) is cut
  /// to its first character, and what still does not fit becomes a dot.
  static func runs(
    of cells: ArraySlice<Cell>, columns: Int, width: (Unicode.Scalar) -> Int
  ) -> [StyledRun] {
    var runs: [StyledRun] = []
    var index = cells.startIndex
    let end = min(cells.endIndex, cells.startIndex + columns)
    while index < end {
      let cell = cells[index]
      let isWide = index + 1 < end && cells[index + 1].text.isEmpty && !cell.text.isEmpty
      if runs.last?.style != cell.style {
        runs.append(StyledRun(style: cell.style, text: []))
      }
      append(cell.text, columns: isWide ? 2 : 1, width: width, to: &runs[runs.count - 1].text)
      index += isWide ? 2 : 1
    }
    return runs
  }

  private static func append(
    _ cluster: String, columns: Int, width: (Unicode.Scalar) -> Int, to text: inout [Unicode.Scalar]
  ) {
    let scalars = cluster.unicodeScalars
    guard let first = scalars.first else { return text.append(" ") }
    if columns == 1, first.isASCII, scalars.count == 1 {
      return text.append(first.value < 0x20 || first.value == 0x7F ? "·" : first)
    }
    // ncurses keeps at most 5 characters a cell.
    if scalars.count <= 5, scalars.allSatisfy({ width($0) >= 0 }),
      width(first) > 0, scalars.reduce(0, { $0 + width($1) }) == columns
    {
      return text.append(contentsOf: scalars)
    }
    let firstWidth = width(first)
    let fits = firstWidth > 0 && firstWidth <= columns
    text.append(fits ? first : "·")
    text.append(contentsOf: repeatElement(" ", count: columns - (fits ? firstWidth : 1)))
  }
}
