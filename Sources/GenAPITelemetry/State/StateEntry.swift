import GenAPIValue

/// An entry of a state section that is a list: found again by its key, so that a frame can carry only the
/// entries that changed.
public protocol StateEntry: Codable, Equatable, Sendable {
  /// Unique within the section.
  var entryKey: ByteText { get }

  /// Shows every text and list to the bound, which cuts what is too long.
  mutating func cut(_ bound: inout TextBound)
}
