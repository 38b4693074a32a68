import CNCurses

/// The keys' sequences of terminals that do not send what the description of their name says: tmux and PuTTY send
/// Home and End as the Linux console does whatever TERM is, and some leave the keypad's mode as it was.
enum KeySequences {
  /// By ncurses' number of the key.
  static let all: [(sequence: String, key: Int32)] = {
    var all: [(String, Int32)] = [
      ("[1~", KEY_HOME), ("[7~", KEY_HOME), ("[4~", KEY_END), ("[8~", KEY_END), ("[2~", KEY_IC),
      ("[3~", KEY_DC),
      ("[5~", KEY_PPAGE), ("[6~", KEY_NPAGE), ("[Z", KEY_BTAB), ("[11~", KEY_F0 + 1), ("[[A", KEY_F0 + 1),
    ]
    // Both modes of the keypad, then with Shift, and with Ctrl where the terminal keeps Shift to itself.
    for (letter, key, shifted) in [
      ("A", KEY_UP, KEY_SR), ("B", KEY_DOWN, KEY_SF), ("C", KEY_RIGHT, KEY_SRIGHT),
      ("D", KEY_LEFT, KEY_SLEFT),
      ("H", KEY_HOME, KEY_SHOME), ("F", KEY_END, KEY_SEND),
    ] {
      all += [
        ("[" + letter, key), ("O" + letter, key), ("[1;2" + letter, shifted), ("[1;5" + letter, shifted),
      ]
    }
    return all.map { ("\u{1B}" + $0.0, $0.1) }
  }()
}

extension Terminal {
  /// Call after the keypad was turned on.
  static func defineKeys() {
    for (sequence, key) in KeySequences.all { define_key(sequence, key) }
  }
}
