extension Grid {
  /// The grid with nothing but ASCII: symbols become their nearest letter, other characters `?`, a wide one two.
  package func asciiOnly() -> Grid {
    var result = self
    for y in 0..<height {
      for x in 0..<width {
        let cell = self[x, y]
        if cell.text.isEmpty {
          result[x, y].text = self[x - 1, y].text.utf8.allSatisfy { $0 < 0x80 } ? " " : "?"
        } else if !cell.text.utf8.allSatisfy({ $0 < 0x80 }) {
          result[x, y].text = Self.replacements[cell.text] ?? "?"
        }
      }
    }
    return result
  }

  private static let replacements: [String: String] = [
    "…": "~", "–": "-", "—": "-", "µ": "u", "·": ".", "→": ">", "←": "<", "↑": "^", "↓": "v", "␣": "_",
    "▲": "^", "▼": "v", "▸": ">", "●": "*", "○": "o", "◐": "%", "✓": "+", "✗": "x", "✖": "X", "≠": "/",
    "≥": ">", "≤": "<", "×": "x", "≈": "~", "◆": "#", "↻": "@",
  ]
}
