import GenAPIValue

/// An id that a client chose: text, or a number, which goes back as one. Inside the gateway it is its text: 7 and "7" are
/// the same id.
package struct Identifier: Sendable, Hashable {
  package var text: ByteText
  package var isNumber = false

  package var value: Value {
    // The digits are as they were read, so that none is lost.
    isNumber ? (try? Value(json: text.string)) ?? .string(text) : .string(text)
  }
}

extension Request {
  /// nil for what is neither text nor a number.
  package static func identifier(_ value: Value?) -> Identifier? {
    switch value {
    case .string(let text): Identifier(text: text)
    case .int, .wideInteger, .double: Identifier(text: ByteText(value!.json), isNumber: true)
    default: nil
    }
  }
}
