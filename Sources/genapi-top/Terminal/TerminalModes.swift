/// The modes of the terminal beside the screen's: what ncurses leaves alone, or sets by the terminal's name.
///
/// The names of terminals say little: `screen` under tmux takes reports of clicks beyond column 223, and its
/// description says nothing of it. A terminal that does not know a mode ignores it (ECMA-48).
enum TerminalModes {
  /// Reports of presses and the wheel (1000) as decimal numbers (1006).
  private static let mouse = ["1000", "1006"]
  /// Pasted text comes between marks.
  private static let paste = "2004"

  static func on(hasMouse: Bool) -> [UInt8] {
    Array(((hasMouse ? mouse : []) + [paste]).map { "\u{1B}[?\($0)h" }.joined().utf8)
  }

  static let off = Array(([paste] + mouse.reversed()).map { "\u{1B}[?\($0)l" }.joined().utf8)
}
