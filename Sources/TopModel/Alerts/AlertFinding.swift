import GenAPIValue

/// What an expression found of one thing it is about.
package struct AlertFinding: Equatable, Sendable {
  /// A node, a pool, a function; `all` for everything together.
  package var subject: ByteText
  /// What it measures, in words.
  package var value: ByteText
  package var holds: Bool
  /// The number compared with the threshold; nil for what is or is not so.
  package var number: Double?
  /// More of it than `value`, for who asks about it alone; nil when there is no more.
  package var detail: ByteText?
}
