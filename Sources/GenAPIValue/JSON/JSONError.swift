/// Why text is not JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, for people.
  public var message: String
  /// Where in the input, in bytes from its start.
  public var offset: Int
  /// True when the text is JSON as RFC 8259 has it, up to there, but holds what this reader does not take: half of a
  /// surrogate pair, a number beyond a double, too deep a nesting.
  public var isRefusal: Bool

  /// Makes an error at so many bytes from the text's start; a refusal is of a bound, not of what JSON is.
  public init(_ message: String, offset: Int, isRefusal: Bool = false) {
    self.message = message
    self.offset = offset
    self.isRefusal = isRefusal
  }

  public var description: String { "\(message) at byte \(offset)" }
}
