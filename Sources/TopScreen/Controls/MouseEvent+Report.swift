extension MouseEvent {
  /// A terminal's own report of a press: `[<0;12;5M`, after the escape; nil for a release, a drag, or anything else.
  ///
  /// Follows the SGR form of xterm's mouse reports: button and held keys, column, row, counted from 1.
  package init?(report: some StringProtocol) {
    guard report.hasPrefix("[<"), report.last == "M" else { return nil }
    let numbers = report.dropFirst(2).dropLast().split(separator: ";", omittingEmptySubsequences: false)
    guard numbers.count == 3, let code = Int(numbers[0]), let column = Int(numbers[1]),
      let row = Int(numbers[2]), (1...10_000).contains(column), (1...10_000).contains(row)
    else { return nil }
    let button: Button
    // Shift, alt and control add 4, 8 and 16; moving adds 32.
    switch code & ~28 {
    case 0: button = .left
    case 1: button = .middle
    case 2: button = .right
    case 64: button = .wheelUp
    case 65: button = .wheelDown
    default: return nil
    }
    self.init(button, column: column - 1, row: row - 1)
  }
}
