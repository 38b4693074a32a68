/// Why an alert's expression is not understood, and where.
package struct AlertError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and what is allowed.
  package var message: String
  /// The part at fault, in characters of the text.
  package var range: Range<Int>

  package var description: String { "\(message) (at character \(range.lowerBound + 1))" }
}
