import GenAPIValue

/// A part of a gateway's state: a whole section, or one entry of a section that is a list.
public protocol StateFields: Codable, Equatable, Sendable {
  /// Shows every text, list, count and time to the editor, each as what it is. A field that is not shown here is neither
  /// bounded nor moved to another clock; only numbers that are identities stay as they are.
  mutating func edit(_ editor: inout some StateEditor)
}

/// An entry of a state section that is a list: found again by its key, so that a frame can carry only the
/// entries that changed.
public protocol StateEntry: StateFields {
  /// Unique within the section.
  var entryKey: ByteText { get }
  /// Whether the keys are the same; for entries whose key has to be made, without making it.
  func isSameEntry(as other: Self) -> Bool
  /// For a filter that wants some services only.
  var owner: StateOwner { get }
}

extension StateEntry {
  /// Whether the keys are the same.
  public func isSameEntry(as other: Self) -> Bool { entryKey == other.entryKey }
}

/// Whose an entry of a state is.
public enum StateOwner: Equatable, Sendable {
  /// The gateway's: no filter of services leaves it out.
  case gateway
  /// It belongs to this service.
  case service(ByteText)
  /// Of several services, or of all when there are none.
  case services([ByteText])
  /// `global` or `service/request_type`; a `/` in a service's name is written `\/`.
  case scope(ByteText)
  /// Whose the limit with this id is.
  case limit(ByteText)
}
