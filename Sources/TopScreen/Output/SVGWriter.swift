/// A grid as a picture: every run of text stands exactly in its cells, whatever the font.
package struct SVGWriter: Sendable {
  /// Pixels.
  package static let cellWidth = 8.4
  package static let cellHeight = 18.0
  static let fontSize = 14.0

  /// For cells of the terminal's own colours.
  package var foreground: Color
  package var background: Color
  package var title: String

  package init(theme: Theme = .standard, title: String = "genapi-top") {
    foreground = theme[.text] ?? Color(0xDD, 0xDD, 0xDD)
    background = theme[.background] ?? Color(0, 0, 0)
    self.title = title
  }

  package func write(_ grid: Grid) -> String {
    let width = Self.text(Double(grid.width) * Self.cellWidth + 16)
    let height = Self.text(Double(grid.height) * Self.cellHeight + 16)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
      <title>\(Self.escaped(title))</title>
      <style>text{font-family:"DejaVu Sans Mono","JetBrains Mono",Menlo,Consolas,monospace;font-size:\(Self.text(Self.fontSize))px;white-space:pre}</style>
      <rect width="\(width)" height="\(height)" rx="8" fill="\(Self.hex(background))"/>

      """
    for row in 0..<grid.height { svg += line(grid, row) }
    return svg + "</svg>\n"
  }

  /// A run of cells of one style. Only ASCII is run together: in most fonts other characters are not exactly
  /// a cell wide.
  private struct Run {
    var column: Int
    var columns: Int
    var text: String
    var style: Style
  }

  private func line(_ grid: Grid, _ row: Int) -> String {
    var runs: [Run] = []
    var canExtend = false
    for column in 0..<grid.width {
      let cell = grid[column, row]
      if cell.text.isEmpty { continue }
      let isWide = column + 1 < grid.width && grid[column + 1, row].text.isEmpty
      let isPlain = cell.text.utf8.count == 1
      if canExtend, isPlain, let last = runs.last, last.style == cell.style {
        runs[runs.count - 1].text += cell.text
        runs[runs.count - 1].columns += 1
      } else {
        runs.append(Run(column: column, columns: isWide ? 2 : 1, text: cell.text, style: cell.style))
      }
      canExtend = isPlain
    }
    var svg = ""
    let top = 8 + Double(row) * Self.cellHeight
    for run in runs {
      var (front, back) = (run.style.foreground, run.style.background)
      if run.style.isReversed { (front, back) = (back ?? background, front ?? foreground) }
      if let back, back != background { svg += rectangle(run, top, Self.hex(back)) }
      if let dots = Self.dots(run.text) {
        svg += circles(dots, run, top, Self.hex(front ?? foreground))
      } else if let block = Self.block(run.text) {
        svg += rectangle(run, top, Self.hex(front ?? foreground), part: block)
      } else if run.text.contains(where: { $0 != " " }) {
        svg += text(run, top, front ?? foreground)
      }
    }
    return svg
  }

  private func rectangle(
    _ run: Run, _ top: Double, _ fill: String,
    part: (x: Double, y: Double, w: Double, h: Double) = (0, 0, 1, 1)
  ) -> String {
    let width = Double(run.columns) * Self.cellWidth
    let x = Self.text(8 + Double(run.column) * Self.cellWidth + part.x * width)
    let y = Self.text(top + part.y * Self.cellHeight)
    return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Self.text(part.w * width))\" "
      + "height=\"\(Self.text(part.h * Self.cellHeight))\" fill=\"\(fill)\"/>\n"
  }

  private func text(_ run: Run, _ top: Double, _ color: Color) -> String {
    let x = Self.text(8 + Double(run.column) * Self.cellWidth)
    let y = Self.text(top + Self.cellHeight * 0.74)
    let width = Self.text(Double(run.columns) * Self.cellWidth)
    var attributes = "x=\"\(x)\" y=\"\(y)\" fill=\"\(Self.hex(color))\""
    attributes += " textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\""
    if run.style.isBold { attributes += " font-weight=\"bold\"" }
    if run.style.isDim { attributes += " opacity=\"0.6\"" }
    if run.style.isUnderlined { attributes += " text-decoration=\"underline\"" }
    return "<text \(attributes)>\(Self.escaped(run.text))</text>\n"
  }

  /// Columns and rows of the dots of a Braille character: few fonts have them, and fewer in a cell's width.
  private static func dots(_ text: String) -> [(x: Int, y: Int)]? {
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1,
      (0x2800...0x28FF).contains(scalar.value)
    else { return nil }
    let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    return places.indices.filter { (scalar.value - 0x2800) >> UInt32($0) & 1 == 1 }.map {
      (x: places[$0].0, y: places[$0].1)
    }
  }

  private func circles(_ dots: [(x: Int, y: Int)], _ run: Run, _ top: Double, _ fill: String) -> String {
    dots.map { dot in
      let x = 8 + Double(run.column) * Self.cellWidth + (Double(dot.x) + 0.5) * Self.cellWidth / 2
      let y = top + (Double(dot.y) + 0.5) * Self.cellHeight / 4
      return "<circle cx=\"\(Self.text(x))\" cy=\"\(Self.text(y))\" r=\"1.3\" fill=\"\(fill)\"/>\n"
    }.joined()
  }

  /// Bars and sparklines are drawn as rectangles, so that neighbouring ones touch: a part of the cell.
  private static func block(_ text: String) -> (x: Double, y: Double, w: Double, h: Double)? {
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
    switch scalar.value {
    case 0x2581...0x2588:
      let height = Double(scalar.value - 0x2580) / 8
      return (0, 1 - height, 1, height)
    case 0x2589...0x258F: return (0, 0, Double(0x2590 - scalar.value) / 8, 1)
    default: return nil
    }
  }

  /// Scalar by scalar, as a reader of XML sees it: a `<` that a combining mark follows is one character to Swift.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func hex(_ color: Color) -> String {
    "#" + [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func text(_ value: Double) -> String { NumberText.decimal(value, 2) }
}
