import GenAPIValue

/// The only values that there are of an enumeration, for schemas: a config does not state them, and decoding refuses all others.
///
/// All are equal: configs that say the same are the same.
struct CaseValues: Sendable, Hashable {
  /// nil for what is none, or is told by more than its values.
  var values: [Value]?

  static func == (one: CaseValues, other: CaseValues) -> Bool { true }

  func hash(into hasher: inout Hasher) {}
}
