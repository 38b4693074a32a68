/// Dots, two across and four down in a cell, as braille patterns; for ASCII one `*` a cell.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var styles: [Style]

  init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    dots = Array(repeating: 0, count: self.columns * self.rows)
    styles = Array(repeating: Style(), count: dots.count)
  }

  var dotColumns: Int { columns * 2 }
  var dotRows: Int { rows * 4 }

  /// Row 0 is the top. The last style set in a cell colours all of it.
  mutating func set(_ x: Int, _ y: Int, _ style: Style) {
    guard x >= 0, y >= 0, x < dotColumns, y < dotRows else { return }
    let cell = y / 4 * columns + x / 2
    dots[cell] |= Self.bits[y % 4][x % 2]
    styles[cell] = style
  }

  /// A line between two dots, ends included; at most as many steps as the longer side.
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ style: Style) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
    for step in 0...steps {
      let x = start.x + (end.x - start.x) * step / steps
      let y = start.y + (end.y - start.y) * step / steps
      set(x, y, style)
    }
  }

  func draw(into grid: inout Grid, at x: Int, _ y: Int, ascii: Bool) {
    for row in 0..<rows {
      for column in 0..<columns {
        let bits = dots[row * columns + column]
        guard bits != 0 else { continue }
        let glyph: Character
        if ascii {
          glyph = bits & 0x1B != 0 ? (bits & 0xE4 != 0 ? "*" : "'") : "."
        } else {
          glyph = Unicode.Scalar(0x2800 + UInt32(bits)).map(Character.init) ?? " "
        }
        grid.place(glyph, width: 1, at: x + column, y + row, styles[row * columns + column])
      }
    }
  }

  /// Unicode's numbering of the eight dots.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
}
