/// Why a filter is not understood, and where.
package struct FilterError: Error, Equatable, Sendable, CustomStringConvertible {
  package var message: String
  /// The part at fault, in characters of the text.
  package var range: Range<Int>

  package var description: String {
    "\(message) (characters \(range.lowerBound + 1) to \(max(range.upperBound, range.lowerBound + 1)))"
  }

  /// The text with the part at fault underlined, on two lines.
  package func underlined(_ text: String) -> [String] {
    let blanks = String(repeating: " ", count: range.lowerBound)
    return [text, blanks + String(repeating: "^", count: max(1, range.count))]
  }
}
