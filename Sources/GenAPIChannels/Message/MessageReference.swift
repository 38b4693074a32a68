import GenAPIValue

/// A `ref` or `join_ref` as a client wrote it. It goes back in kind: a number as a number, text as text. What a client does
/// not give, or gives as null, is nil.
public struct MessageReference: Sendable, Hashable {
  /// The text, or the number's digits, as it stands in a binary frame, which has no other form for it.
  let text: ByteText
  /// Whether a client wrote a number.
  let isNumber: Bool

  private init(_ text: ByteText, isNumber: Bool) {
    self.text = text
    self.isNumber = isNumber
  }

  /// Makes a reference as a client wrote it.
  public init(_ text: ByteText) { self.init(text, isNumber: false) }

  /// Makes a reference as a client wrote it.
  public init(_ number: Int64) { self.init(ByteText(String(number)), isNumber: true) }

  /// nil for what is neither text nor a number.
  init?(_ value: Value) {
    switch value {
    case .string(let text): self.init(text)
    case .int(let number): self.init(number)
    case .wideInteger(let number): self.init(number.digits, isNumber: true)
    case .double: self.init(ByteText(value.json), isNumber: true)
    default: return nil
    }
  }

  /// A string or a number.
  public var value: Value {
    guard isNumber else { return .string(text) }
    if let number = Int64(text.string) { return .int(number) }
    // JSON has no form for a double beyond its range.
    return WideInteger(text).map(Value.wideInteger) ?? Double(text.string).map(Value.double) ?? .null
  }
}

extension MessageReference: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  public init(stringLiteral text: String) { self.init(ByteText(text)) }

  public init(integerLiteral number: Int64) { self.init(number) }
}
