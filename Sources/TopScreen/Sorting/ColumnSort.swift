/// The column that a pane's rows are sorted by, instead of its usual order.
package struct ColumnSort: Equatable, Sendable {
  /// In small letters, as configuration files call it.
  package var column: String
  /// The least first.
  package var isRising: Bool

  package init(_ column: String, isRising: Bool) {
    self.column = column
    self.isRising = isRising
  }

  /// In a configuration file: what asks for attention first.
  package static let usual = "usual"

  /// `cpu% falling`, `node rising`: as a configuration file has it.
  package var text: String { column + (isRising ? " rising" : " falling") }
}

/// What rows of a pane can be sorted by.
package struct SortColumn: Equatable, Sendable {
  package var name: String
  /// Names begin with the least, numbers with the most.
  package var rises: Bool

  /// As it is sorted at first.
  var usual: ColumnSort { ColumnSort(name, isRising: rises) }
}

extension ColumnSort {
  /// Reads `cpu%`, `cpu% rising`, `node falling`; nil where no column is called so.
  package init?(parsing text: String, among columns: [SortColumn]) {
    let words = text.split(separator: " ")
    guard let name = words.first, words.count <= 2, let column = columns.first(where: { $0.name == name })
    else { return nil }
    switch words.dropFirst().first {
    case nil: self = column.usual
    case "rising": self.init(column.name, isRising: true)
    case "falling": self.init(column.name, isRising: false)
    default: return nil
    }
  }
}
