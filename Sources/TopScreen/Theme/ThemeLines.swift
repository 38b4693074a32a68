/// Where keys stand in a theme file, since the parser keeps no positions of values.
struct ThemeLines {
  private let lines: [Substring]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// From 1; the first line that sets the key or opens the table of that name.
  func line(of key: String) -> Int? {
    lines.firstIndex { line in
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "[" || $0 == "\"" || $0 == "'" }
      guard trimmed.hasPrefix(key) else { return false }
      let rest = trimmed.dropFirst(key.count).drop { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "'" }
      return rest.hasPrefix("=") || rest.hasPrefix("]") || rest.hasPrefix(".")
    }.map { $0 + 1 }
  }
}
