/// The symbols that borders, bars, graphs and states are made of.
public struct GlyphSet: Equatable, Sendable {
  public var isASCII: Bool
  public var topLeft: Character
  public var topRight: Character
  public var bottomLeft: Character
  public var bottomRight: Character
  public var horizontal: Character
  public var vertical: Character
  public var ellipsis: String
  /// A bar's cells: a half one, which ends it, and a full one.
  public var halfBar: Character
  public var fullBar: Character
  /// What a bar stands on.
  public var track: Character
  /// Heights, lowest first.
  public var levels: [Character]
  /// Densities of a heat map, thinnest first.
  public var shades: [Character]
  public var tick: Character
  public var pointer: String
  public var up: String
  public var half: String
  public var down: String
  public var warning: String
  public var critical: String
  public var check: String
  public var cross: String
  public var ascending: String
  public var descending: String
  public var right: String
  public var differs: String
  public var pending: String
  public var muted: String
  public var dot: String
  public var idle: String
  public var busy: String
  public var dash: String
  public var pause: String
  public var record: String
  public var scrollThumb: Character

  public static let unicode = GlyphSet(
    isASCII: false, topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─",
    vertical: "│", ellipsis: "…", halfBar: "╸", fullBar: "━", track: "─",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], shades: ["░", "▒", "▓", "█"], tick: "┤", pointer: "▸",
    up: "●", half: "◐", down: "○", warning: "▲", critical: "✖", check: "✓", cross: "✗", ascending: "▲",
    descending: "▼", right: "→", differs: "≠", pending: "◌", muted: "∅", dot: "·", idle: "·", busy: "■",
    dash: "–", pause: "‖", record: "●", scrollThumb: "┃")

  public static let ascii = GlyphSet(
    isASCII: true, topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-",
    vertical: "|", ellipsis: "~", halfBar: "-", fullBar: "=", track: ".",
    levels: ["_", "_", ".", ".", "-", "=", "*", "#"], shades: [".", ":", "+", "#"], tick: "|", pointer: ">",
    up: "*", half: "%", down: "o", warning: "!", critical: "X", check: "+", cross: "x", ascending: "^",
    descending: "v", right: "->", differs: "/=", pending: "?", muted: "m", dot: ".", idle: ".", busy: "#",
    dash: "-", pause: "||", record: "*", scrollThumb: "#")
}
