import GenAPIValue

/// A `ref` or `join_ref` as a client wrote it. It goes back in kind: a number as a number, text as text. What a client does
/// not give, or gives as null, is nil.
public struct MessageReference: Sendable, Hashable {
  /// A string or a number.
  public let value: Value

  /// Makes a reference as a client wrote it.
  public init(_ text: ByteText) { value = .string(text) }

  /// Makes a reference as a client wrote it.
  public init(_ number: Int64) { value = .int(number) }

  /// nil for what is neither text nor a number.
  init?(_ value: Value) {
    switch value {
    case .string, .int, .wideInteger, .double: self.value = value
    default: return nil
    }
  }

  /// As it stands in a binary frame, which has no other form for it.
  var text: ByteText { value.string ?? ByteText(value.json) }
}

extension MessageReference: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  public init(stringLiteral text: String) { self.init(ByteText(text)) }

  public init(integerLiteral number: Int64) { self.init(number) }
}
