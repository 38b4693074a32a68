import ErlangNode

/// The fields of a token's term.
extension Term {
  subscript(atom key: String) -> Term? { map?[.atom(key)] }

  subscript(text key: String) -> Term? { map?[.text(key)] }
}
