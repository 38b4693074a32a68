import GenAPIValue

/// Says of the bound of a text that it is that of bytes as Base64: in what a client reads, not in the config, which states the text's.
///
/// All are equal: configs that say the same are the same.
struct Base64Bound: Sendable, Hashable {
  /// nil for what is no Base64, or without a bound of its own.
  var bytes: Int?
  var itemBytes: Int?

  /// What follows "must be".
  static func words(_ bytes: Int) -> ByteText { "at most \(bytes) bytes, as Base64" }

  static func == (one: Base64Bound, other: Base64Bound) -> Bool { true }

  func hash(into hasher: inout Hasher) {}
}
