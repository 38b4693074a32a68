/// Why a filter is not understood, and where.
public struct FilterProblem: Error, Equatable, Sendable {
  /// The faulty term, in characters of the text.
  public var range: Range<Int>
  public var reason: String

  public init(range: Range<Int>, reason: String) {
    self.range = range
    self.reason = reason
  }
}
