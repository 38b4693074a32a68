import GenAPIValue

/// How an operator's texts show amounts.
enum OperatorText {
  /// `417 B`, `1.4 KB`, `2.0 GB`: powers of 1024.
  static func bytes(_ count: Int64) -> String {
    var value = Double(count)
    guard value >= 1_024 else { return "\(count) B" }
    for unit in ["KB", "MB", "GB"] {
      value /= 1_024
      if value < 1_024 || unit == "GB" { return "\(oneDecimal(value)) \(unit)" }
    }
    return "\(count) B"
  }

  /// `3h 4m 5s`, from milliseconds.
  static func duration(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds) / 1_000
    return "\(seconds / 3_600)h \(seconds % 3_600 / 60)m \(seconds % 60)s"
  }

  static func oneDecimal(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Each of these is one line, whatever it says.
  static func lines(_ lines: [String]) -> String { lines.map(\.shown).joined(separator: "\n") }

  /// The cells of a line: those that are names as `ByteText`, words and numbers as anything else.
  typealias Row = [any CustomStringConvertible]

  /// Rows in columns, each as wide as its widest cell; two spaces between. Each row is one line, whatever its cells say.
  static func table(_ rows: [Row]) -> String {
    let rows = rows.map { row in row.map { (($0 as? ByteText)?.asName.string ?? $0.description).shown } }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
      }
      return line
    }.joined(separator: "\n")
  }
}
