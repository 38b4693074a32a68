import OutsideText

/// What a term holds, when it is of one kind.
extension Term {
  /// The whole number; nil for any other kind, and beyond 64 bits.
  public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// The atom's name; nil for any other kind.
  public var atomName: ByteText? { if case .atom(let name) = self { name } else { nil } }

  /// The tuple's elements; nil for any other kind.
  public var tupleElements: [Term]? { if case .tuple(let elements) = self { elements } else { nil } }

  /// Of a proper list. A list of small integers comes as one too, though it may have been meant as text.
  public var listElements: [Term]? { if case .list(let elements) = self { elements } else { nil } }

  /// Of a binary that is UTF-8.
  public var text: ByteText? {
    if case .binary(let bytes) = self { ByteText(validating: bytes) } else { nil }
  }

  /// The map; nil for any other kind.
  public var map: TermMap? { if case .map(let map) = self { map } else { nil } }

  /// A binary of a text in UTF-8.
  public static func text(_ text: ByteText) -> Term { .binary(Array(text.utf8)) }
}
