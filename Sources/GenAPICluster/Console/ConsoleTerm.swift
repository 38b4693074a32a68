import ErlangNode
import GenAPIValue

/// Terms in the forms that Elixir code has them.
extension Term {
  /// A map with atoms as keys.
  static func fields(_ pairs: KeyValuePairs<ByteText, Term>) -> Term {
    .map(TermMap(pairs.map { (key: .atom($0.key), value: $0.value) }))
  }

  static func ok(_ term: Term) -> Term { .tuple([.atom("ok"), term]) }

  static func error(_ reason: Term) -> Term { .tuple([.atom("error"), reason]) }

  static func bool(_ value: Bool) -> Term { .atom(value ? "true" : "false") }

  static func int(_ value: Int) -> Term { .integer(Int64(value)) }

  /// nil for nothing.
  static func text(orNil text: ByteText?) -> Term { text.map(Term.text) ?? .atom("nil") }

  static func atom(orNil name: ByteText?) -> Term { name.map(Term.atom) ?? .atom("nil") }

  static func texts(_ texts: [ByteText]) -> Term { .list(texts.map(Term.text)) }

  static func atoms(_ names: [ByteText]) -> Term { .list(names.map(Term.atom)) }

  /// An exception of Elixir's, which is raised at the caller's as it would be there.
  static func argumentError(_ message: ByteText) -> Term {
    .map(
      TermMap([
        (key: .atom("__struct__"), value: .atom("Elixir.ArgumentError")),
        (key: .atom("__exception__"), value: .atom("true")), (key: .atom("message"), value: .text(message)),
      ]))
  }
}

/// Lists and maps that may be longer than an answer should be: what is left out is told.
enum ConsolePage {
  /// Entries of one answer that are a few words each.
  static let most = 10_000
  /// The same of those that are a config or more.
  static let mostConfigs = 1_000
  /// The key of a map, and the mark at the end of a list, behind which is how many entries were left out.
  static let mark = Term.atom("truncated")

  static func list<Item>(_ items: [Item], most: Int, _ term: (Item) -> Term) -> Term {
    let shown = items.prefix(most).map(term)
    return .list(shown + (items.count > most ? [.tuple([mark, .int(items.count - most)])] : []))
  }

  static func map<Item>(_ items: [Item], most: Int, _ pair: (Item) -> (key: Term, value: Term)) -> Term {
    let shown = items.prefix(most).map(pair)
    return .map(TermMap(shown + (items.count > most ? [(key: mark, value: .int(items.count - most))] : [])))
  }
}
