/// A grid as plain text: what it shows, without colours.
package enum TextWriter {
  /// Lines end with a newline and have no blanks at their end.
  package static func write(_ grid: Grid) -> String {
    var result = ""
    for row in 0..<grid.height {
      var line = ""
      for column in 0..<grid.width { line += grid[column, row].text }
      while line.last == " " { line.removeLast() }
      result += line + "\n"
    }
    return result
  }
}
