import GenAPIValue

/// What an exporter says when it ends, and why it does.
enum Farewell: Sendable {
  /// The gateway ends, and says so.
  case bye(reason: ByteText)
  /// The gateway is somewhere else, and was lost without a word.
  case gone(reason: ByteText)
}
