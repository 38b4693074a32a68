import ErlangTerms
import GenAPIChannels
import GenAPIValue

/// The fields of a token's term.
extension Term {
  subscript(atom key: ByteText) -> Term? { map?[.atom(key)] }

  subscript(text key: ByteText) -> Term? { map?[.text(key)] }
}
