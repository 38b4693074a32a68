import ErlangNode

/// What a token's term is made of.
extension Term {
  init(encoded bytes: [UInt8]) throws { self = try TermDecoder().decode(bytes) }

  var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  var tuple: [Term]? { if case .tuple(let elements) = self { elements } else { nil } }

  var list: [Term]? { if case .list(let elements) = self { elements } else { nil } }

  /// Of a binary that is UTF-8.
  var text: String? {
    if case .binary(let bytes) = self { String(validating: bytes, as: UTF8.self) } else { nil }
  }

  subscript(atom key: String) -> Term? { value(of: .atom(key)) }

  subscript(text key: String) -> Term? { value(of: .binary(Array(key.utf8))) }

  private func value(of key: Term) -> Term? {
    guard case .map(let map) = self else { return nil }
    return map.pairs.first { $0.key == key }?.value
  }
}
