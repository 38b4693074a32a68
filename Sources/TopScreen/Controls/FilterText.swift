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

  /// Replaces the term, or takes it away when there are no values.
  mutating func set(_ key: String, _ values: [String]) {
    let index = terms.firstIndex { $0.hasPrefix(key + ":") } ?? terms.count
    terms.removeAll { $0.hasPrefix(key + ":") }
    guard !values.isEmpty else { return }
    let quoted = values.map { $0.contains(where: { " ,".contains($0) }) ? "\"\($0)\"" : $0 }
    terms.insert("\(key):\(quoted.joined(separator: ","))", at: min(index, terms.count))
  }
}
