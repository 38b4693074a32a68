/// Why an alert's expression is not understood, and where.
public struct AlertError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and what is allowed.
  public var message: String
  /// The part at fault, in characters of the text.
  public var range: Range<Int>

  public var description: String { "\(message) (at character \(range.lowerBound + 1))" }
}
