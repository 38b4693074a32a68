import ErlangTerms
import GenAPITelemetry
import OutsideText

extension Term {
  /// `nil`, as Elixir writes what is absent.
  var isNil: Bool { self == .atom("nil") || self == .atom("undefined") }

  /// A name or a text, whether it is an atom or a binary; nil for what is neither, and for `nil`. Modules of Elixir come without
  /// their prefix.
  var name: ByteText? {
    switch self {
    case .atom(let name): isNil ? nil : name.dropping(prefix: "Elixir.") ?? name
    case .binary(let bytes): ByteText(decoding: bytes)
    case .integer(let value): "\(value)"
    default: nil
    }
  }

  /// A count: 0 for what is none or below 0.
  var count: Int64 { max(0, integerValue ?? 0) }

  /// Module and function, as a person writes them; a third part is left out.
  var functionName: ByteText? {
    guard let parts = tupleElements, parts.count >= 2, let module = parts[0].name,
      let function = parts[1].name
    else { return nil }
    return "\(module).\(function)"
  }

  /// A setting as people read it: `same_node 3`, `random`.
  var words: ByteText? {
    if let name { return name }
    guard let parts = tupleElements, !parts.isEmpty else {
      return listElements.map { $0.compactMap(\.words).joined(separator: ", ") }
    }
    let words = parts.compactMap(\.words)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
