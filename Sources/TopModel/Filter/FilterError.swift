/// Why a filter is not understood, and where.
public struct FilterError: Error, Equatable, Sendable, CustomStringConvertible {
  public var message: String
  /// The part at fault, in characters of the text.
  public var range: Range<Int>

  public var description: String {
    "\(message) (characters \(range.lowerBound + 1) to \(max(range.upperBound, range.lowerBound + 1)))"
  }

  /// The text with the part at fault underlined, on two lines.
  public func underlined(_ text: String) -> [String] {
    let blanks = String(repeating: " ", count: range.lowerBound)
    return [text, blanks + String(repeating: "^", count: max(1, range.count))]
  }
}
