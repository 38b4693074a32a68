import GenAPIValue

/// What the source of a state cannot tell, though other gateways can: there a state has 0 or nothing, which says nothing.
///
/// A gateway of ours knows all of its state. One of the Elixir library, watched as it runs, has no counters of much of it.
public struct UnknownState: StateFields {
  /// Sections by their names in a frame (`sockets`), and fields of others (`limits.checks`); rising.
  public private(set) var fields: [ByteText]

  /// Makes one of a source that cannot tell these; by default of one that knows everything.
  public init(_ fields: [StateField] = []) { self.fields = Set(fields.map(\.name)).sorted() }

  /// Whether a field, or the section that it is in, is not told.
  public func contains(_ field: StateField) -> Bool {
    !fields.isEmpty && (fields.contains(field.name) || fields.contains(field.section))
  }

  /// What none of two sources can tell.
  public func intersection(_ other: UnknownState) -> UnknownState {
    var both = self
    both.fields = (fields + other.fields).filter {
      contains(StateField($0)) && other.contains(StateField($0))
    }
    both.fields = Set(both.fields).sorted()
    return both
  }

  public mutating func edit(_ editor: inout some StateEditor) { editor.names(&fields) }
}
