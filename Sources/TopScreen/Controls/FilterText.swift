import OutsideText
import TopModel

/// A filter's text as terms, for the pickers, which replace one term and leave the others alone.
struct FilterText {
  private(set) var terms: [String]

  init(_ text: String) { terms = FilterWriting.terms(text) }

  var text: String { terms.joined(separator: " ") }

  /// The values of `key:a,b` as they are written, each with the one name that it stands for; empty when there is no such term.
  func values(of key: String) -> [(written: String, name: ByteText?)] {
    terms.first(where: { $0.hasPrefix(key + ":") }).map(FilterWriting.values) ?? []
  }

  /// A term as a filter reads it; without a key a word.
  private static func written(_ term: FilterTermText) -> String {
    let value = FilterWriting.written(term.value, isWord: term.key.isEmpty)
    return term.key.isEmpty ? value : "\(term.key):\(value)"
  }

  /// Replaces the terms of the same key; a word is added.
  mutating func set(_ term: FilterTermText) {
    let text = Self.written(term)
    if contains(text) { return }
    if !term.key.isEmpty { terms.removeAll { $0.hasPrefix(term.key + ":") } }
    terms.append(text)
  }

  mutating func remove(_ term: FilterTermText) {
    let text = ByteText(Self.written(term))
    terms.removeAll { ByteText($0) == text }
  }

  private func contains(_ text: String) -> Bool { terms.contains { ByteText($0) == ByteText(text) } }

  /// Replaces the term by one of values that are written as a filter reads them, or takes it away when there are none.
  mutating func set(_ key: String, _ values: [String]) {
    let index = terms.firstIndex { $0.hasPrefix(key + ":") } ?? terms.count
    terms.removeAll { $0.hasPrefix(key + ":") }
    guard !values.isEmpty else { return }
    terms.insert("\(key):\(values.joined(separator: ","))", at: min(index, terms.count))
  }
}
