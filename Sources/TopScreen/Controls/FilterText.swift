/// A filter's text as terms, for the pickers, which replace one term and leave the others alone.
struct FilterText {
  private(set) var terms: [String]

  /// Terms are parted by blanks outside quotes.
  init(_ text: String) {
    terms = []
    var term = ""
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == " ", !isQuoted {
        if !term.isEmpty { terms.append(term) }
        term = ""
      } else {
        term.append(character)
      }
    }
    if !term.isEmpty { terms.append(term) }
  }

  var text: String { terms.joined(separator: " ") }

  /// The values of `key:a,b`; empty when there is no such term.
  func values(of key: String) -> [String] {
    guard let term = terms.first(where: { $0.hasPrefix(key + ":") }) else { return [] }
    return term.dropFirst(key.count + 1).split(separator: ",").map { value in
      value.first == "\"" && value.last == "\"" && value.count > 1
        ? String(value.dropFirst().dropLast()) : String(value)
    }
  }

  /// A term as a filter reads it: in quotes where its characters would mean something else; without a key a word.
  private static func quoted(_ term: FilterTermText) -> String {
    let value = term.value.string.filter { $0 != "\"" }
    let needsQuotes = value.isEmpty || value.contains { " ,:*".contains($0) } || value.first == "-"
    let text = needsQuotes ? "\"\(value)\"" : value
    return term.key.isEmpty ? text : "\(term.key):\(text)"
  }

  /// Replaces the terms of the same key; a word is added.
  mutating func set(_ term: FilterTermText) {
    let text = Self.quoted(term)
    if terms.contains(text) { return }
    if !term.key.isEmpty { terms.removeAll { $0.hasPrefix(term.key + ":") } }
    terms.append(text)
  }

  mutating func remove(_ term: FilterTermText) { terms.removeAll { $0 == Self.quoted(term) } }

  /// Replaces the term, or takes it away when there are no values.
  mutating func set(_ key: String, _ values: [String]) {
    let index = terms.firstIndex { $0.hasPrefix(key + ":") } ?? terms.count
    terms.removeAll { $0.hasPrefix(key + ":") }
    guard !values.isEmpty else { return }
    let quoted = values.map { $0.contains(where: { " ,".contains($0) }) ? "\"\($0)\"" : $0 }
    terms.insert("\(key):\(quoted.joined(separator: ","))", at: min(index, terms.count))
  }
}
