import GenAPIValue

/// A section of a gateway's state that is one object.
public struct ObjectSection<Object: StateFields>: Sendable {
  /// In a frame.
  public let name: ByteText
  /// Where the object stands in a state.
  public let path: WritableKeyPath<GatewayState, Object> & Sendable

  @inlinable
  init(_ name: ByteText, _ path: WritableKeyPath<GatewayState, Object> & Sendable) {
    self.name = name
    self.path = path
  }
}

/// A section of a gateway's state that is a list of entries, and what whoever watches does with it.
public struct ListSection<Entry: StateEntry>: Sendable {
  /// What a program that watches remembers of a past moment.
  public enum Past: Sendable {
    /// Nothing, or it has a history of its own kind.
    case forgotten
    /// All of it is remembered.
    case kept
    /// Without what changes all the time.
    case keptAs(@Sendable (Entry) -> Entry)
  }

  /// In a frame.
  public let name: ByteText
  /// Where the list stands in a state.
  public let path: WritableKeyPath<GatewayState, [Entry]> & Sendable
  /// What all entries together may take in memory in a program that watches, in bytes.
  public let budget: Int
  /// What a program that watches remembers of it.
  public let past: Past
  /// Where the list stands in the document of `genapi-top --once`: a field, or a field within an object; nil when it
  /// is not there as it is.
  public let document: [ByteText]?

  @inlinable
  init(
    _ name: ByteText, _ path: WritableKeyPath<GatewayState, [Entry]> & Sendable, budget: Int = 2_000_000,
    past: Past, document: [ByteText]?
  ) {
    self.name = name
    self.path = path
    self.budget = budget
    self.past = past
    self.document = document
  }
}

/// Does one thing with every section of a state, in their order, see `GatewayState.visitSections`.
public protocol SectionVisitor {
  /// What the visitor throws.
  associatedtype Failure: Error = Never

  /// Visits a section that is one object.
  mutating func object<Object>(_ section: ObjectSection<Object>) throws(Failure)
  /// Visits a section that is a list.
  mutating func list<Entry>(_ section: ListSection<Entry>) throws(Failure)
}

extension SectionVisitor {
  /// Visits a section that is one object.
  public mutating func object<Object>(_ section: ObjectSection<Object>) throws(Failure) {}
}
