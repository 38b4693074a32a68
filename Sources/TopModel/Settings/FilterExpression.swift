/// The filter as the user typed it, and what it lets through.
public struct FilterExpression: Equatable, Sendable {
  public private(set) var text = ""

  /// Lets everything through.
  public init() {}
}
