/// Where keys stand in a TOML file, since the parser keeps no positions of values.
public struct TOMLLines: Sendable {
  /// By dotted path: the line, from 1. Of a key that is set twice the first, but the parser refuses that anyway.
  private var places: [String: Int] = [:]

  public init(_ text: String) {
    var table = ""
    var counts: [String: Int] = [:]
    var openQuote: String?
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if let quote = openQuote {
        // Inside text of several lines nothing is a key.
        if trimmed.contains(quote) { openQuote = nil }
        continue
      }
      for quote in ["\"\"\"", "'''"] where trimmed.components(separatedBy: quote) == 2 { openQuote = quote }
      if trimmed.first == "[" {
        let name = trimmed.drop { $0 == "[" }.prefix { $0 != "]" }
        table = Self.path(name)
        note(table, index + 1)
        guard trimmed.hasPrefix("[[") else { continue }
        // The tables of an array are told apart by their place: `functions.0`.
        let place = counts[table, default: 0]
        counts[table] = place + 1
        table += ".\(place)"
        note(table, index + 1)
      } else if let equals = Self.assignment(in: trimmed) {
        let key = Self.path(trimmed[..<equals])
        note(table.isEmpty ? key : table + "." + key, index + 1)
      }
    }
  }

  /// From 1; nil when the file does not set it by itself: inside an inline table the table's line stands for it.
  public func line(of path: String) -> Int? {
    var path = path[...]
    while true {
      if let line = places[String(path)] { return line }
      guard let dot = path.lastIndex(of: ".") else { return nil }
      path = path[..<dot]
    }
  }

  private mutating func note(_ path: String, _ line: Int) {
    if places[path] == nil { places[path] = line }
    // A dotted key opens the tables before it.
    var parent = path[...]
    while let dot = parent.lastIndex(of: ".") {
      parent = parent[..<dot]
      if places[String(parent)] == nil { places[String(parent)] = line }
    }
  }

  /// The `=` of a line that sets a key.
  private static func assignment(in line: Substring) -> Substring.Index? {
    guard let first = line.first, first != "#" else { return nil }
    return line.firstIndex(of: "=")
  }

  private static func path(_ text: Substring) -> String {
    text.split(separator: ".").map { part in
      String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" })
    }.joined(separator: ".")
  }
}

extension Substring {
  /// In how many parts a separator cuts it.
  fileprivate func components(separatedBy separator: String) -> Int {
    var count = 1
    var rest = self
    while let range = rest.firstRange(of: separator) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
