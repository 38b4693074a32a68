import CNCurses
import TopScreen

/// The keys by the bytes that terminals send for them: what the description of the terminal's name says, and what
/// terminals send whatever they are called. tmux and PuTTY send Home and End as the Linux console does whatever TERM
/// is, and some leave the keypad's mode as it was.
enum KeySequences {
  /// Of every terminal.
  static let common: [[UInt8]: Key] = {
    var all: [(String, Key)] = [
      ("[1~", Key(.home)), ("[7~", Key(.home)), ("[4~", Key(.end)), ("[8~", Key(.end)),
      ("[2~", Key(.insert)), ("[3~", Key(.delete)), ("[5~", Key(.pageUp)), ("[6~", Key(.pageDown)),
      ("[Z", Key(.tab, shift: true)), ("OM", Key(.enter)), ("[11~", Key(.function(1))),
      ("[[A", Key(.function(1))),
    ]
    // Both modes of the keypad, then with Shift, and with Ctrl where the terminal keeps Shift to itself.
    for (letter, code) in [
      ("A", Key.Code.up), ("B", .down), ("C", .right), ("D", .left), ("H", .home), ("F", .end),
    ] {
      all += [("[" + letter, Key(code)), ("O" + letter, Key(code))]
      all += [("[1;2" + letter, Key(code, shift: true)), ("[1;5" + letter, Key(code, shift: true))]
    }
    return Dictionary(uniqueKeysWithValues: all.map { (Array("\u{1B}\($0.0)".utf8), $0.1) })
  }()

  /// By the names that terminfo(5) gives them.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", Key(.up)), ("kcud1", Key(.down)), ("kcub1", Key(.left)), ("kcuf1", Key(.right)),
      ("kri", Key(.up, shift: true)), ("kind", Key(.down, shift: true)), ("kLFT", Key(.left, shift: true)),
      ("kRIT", Key(.right, shift: true)), ("khome", Key(.home)), ("kend", Key(.end)),
      ("kHOM", Key(.home, shift: true)), ("kEND", Key(.end, shift: true)), ("kpp", Key(.pageUp)),
      ("knp", Key(.pageDown)), ("kcbt", Key(.tab, shift: true)), ("kent", Key(.enter)),
      ("kbs", Key(.backspace)), ("kdch1", Key(.delete)), ("kich1", Key(.insert)),
    ] + (1...12).map { ("kf\($0)", Key(.function($0))) }

  /// The keys of the terminal whose description was read. What it says itself wins over the common ones.
  static func ofTerminal() -> [[UInt8]: Key] {
    var keys = common
    for (name, key) in capabilities {
      guard let text = nc_capability(name) else { continue }
      let bytes = Terminal.withoutPadding(String(cString: text))
      if !bytes.isEmpty { keys[bytes] = key }
    }
    return keys
  }
}
