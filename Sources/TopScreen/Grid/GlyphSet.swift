/// The symbols that borders, bars, graphs and states are made of.
package struct GlyphSet: Equatable, Sendable {
  package var isASCII: Bool
  package var topLeft: Character
  package var topRight: Character
  package var bottomLeft: Character
  package var bottomRight: Character
  package var horizontal: Character
  package var vertical: Character
  package var ellipsis: String
  /// A bar's cells: a half one, which ends it, and a full one.
  package var halfBar: Character
  package var fullBar: Character
  /// What a bar stands on.
  package var track: Character
  /// Heights, lowest first.
  package var levels: [Character]
  /// Densities of a heat map, thinnest first.
  package var shades: [Character]
  package var tick: Character
  package var pointer: String
  package var up: String
  package var half: String
  package var down: String
  package var warning: String
  package var critical: String
  package var check: String
  package var cross: String
  package var ascending: String
  package var descending: String
  package var right: String
  package var differs: String
  package var atLeast: String
  package var pending: String
  package var muted: String
  package var dot: String
  package var idle: String
  package var busy: String
  package var dash: String
  package var pause: String
  package var record: String
  package var scrollThumb: Character

  package static let unicode = GlyphSet(
    isASCII: false, topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─",
    vertical: "│", ellipsis: "…", halfBar: "╸", fullBar: "━", track: "─",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], shades: ["░", "▒", "▓", "█"], tick: "┤", pointer: "▸",
    up: "●", half: "◐", down: "○", warning: "▲", critical: "✖", check: "✓", cross: "✗", ascending: "▲",
    descending: "▼", right: "→", differs: "≠", atLeast: "≥", pending: "◌", muted: "∅", dot: "·", idle: "·",
    busy: "■",
    dash: "–", pause: "‖", record: "●", scrollThumb: "┃")

  package static let ascii = GlyphSet(
    isASCII: true, topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-",
    vertical: "|", ellipsis: "~", halfBar: "-", fullBar: "=", track: ".",
    levels: ["_", "_", ".", ".", "-", "=", "*", "#"], shades: [".", ":", "+", "#"], tick: "|", pointer: ">",
    up: "*", half: "%", down: "o", warning: "!", critical: "X", check: "+", cross: "x", ascending: "^",
    descending: "v", right: "->", differs: "/=", atLeast: ">", pending: "?", muted: "m", dot: ".", idle: ".",
    busy: "#",
    dash: "-", pause: "||", record: "*", scrollThumb: "#")
}
