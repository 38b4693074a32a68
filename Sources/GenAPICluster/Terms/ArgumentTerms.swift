import ErlangNode
import GenAPIGateway
import GenAPIValue

/// The arguments that a config states for its functions, between terms and what a config keeps of them.
enum ArgumentTerms {
  /// The arguments as a list in the External Term Format; nil when values say all of them.
  static func bytes(_ arguments: [Term]) -> [UInt8]? {
    guard arguments.contains(where: { TermValue.term(TermValue.value($0)) != $0 }) else { return nil }
    return TermEncoder().encode(.list(arguments))
  }

  /// The arguments of a reference as they came, or made of its values.
  ///
  /// - Throws: `TermError` when its bytes are no list.
  static func terms(of reference: FunctionReference) throws(TermError) -> [Term] {
    guard let bytes = reference.terms else { return reference.arguments.map(TermValue.term) }
    return try TermDecoder().decode(bytes).listElements ?? []
  }
}
