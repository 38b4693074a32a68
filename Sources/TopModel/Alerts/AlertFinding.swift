import GenAPIValue

/// What an expression found of one thing it is about.
public struct AlertFinding: Equatable, Sendable {
  /// A node, a pool, a function; `all` for everything together.
  public var subject: ByteText
  /// What it measures, in words.
  public var value: ByteText
  public var holds: Bool
  /// The number compared with the threshold; nil for what is or is not so.
  public var number: Double?
}
