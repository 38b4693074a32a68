import CNCurses
import Foundation
import TopScreen

extension Terminal {
  /// The user's locale when it is UTF-8, else the C library's own UTF-8: characters are drawn by its widths, and
  /// nearly every terminal shows UTF-8 even where the locale was not passed on. `--ascii` is for the others.
  static func chooseLocale() {
    setlocale(LC_ALL, "")
    if isUTF8 { return }
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"] where setlocale(LC_CTYPE, name) != nil && isUTF8
    {
      return
    }
  }

  private static var isUTF8: Bool {
    guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
    return String(cString: name).lowercased().replacing("-", with: "") == "utf8"
  }

  /// The terminal's name, once its description was found.
  static func describe(environment: [String: String]) throws(TerminalError) -> String {
    guard let name = environment["TERM"], !name.isEmpty else { throw .unnamed }
    var result: Int32 = 0
    if setupterm(name, STDOUT_FILENO, &result) == nc_ok() {
      guard nc_capability("cup") != nil else { throw .unusable(name: name) }
      return name
    }
    throw result < 0 ? .noDescriptions(name: name) : .unknown(name: name)
  }

  /// The size that the terminal has outranks LINES and COLUMNS, which a shell may have exported long ago; they count
  /// where the terminal does not say. Either is brought within bounds before ncurses makes room for it.
  static func preferTerminalSize(environment: [String: String]) {
    if let size = ScreenSize.ofTerminal {
      tell(size)
    } else {
      for (name, most) in [("COLUMNS", ScreenSize.mostColumns), ("LINES", ScreenSize.mostRows)] {
        // What does not fit into a number at all is too large as well.
        guard let text = environment[name], !text.isEmpty, text.allSatisfy(\.isNumber) else { continue }
        setenv(name, String(min(Int(text) ?? most, most)), 1)
      }
    }
    use_env(true)
    use_tioctl(false)
  }

  /// ncurses asks the terminal anew whenever it likes, unless the environment says: then of that.
  static func tell(_ size: ScreenSize) {
    setenv("COLUMNS", String(size.width), 1)
    setenv("LINES", String(size.height), 1)
  }

  /// The bytes that undo what drawing set: colours, keypad mode, mouse reports, marks of pastes, cursor, alternate screen.
  static func resetSequence() -> [UInt8] {
    var bytes: [UInt8] = []
    for name in ["sgr0", "op", "rmkx", "cnorm", "rmcup"] {
      if name == "cnorm" { bytes += TerminalModes.off }
      guard let text = nc_capability(name) else { continue }
      bytes += withoutPadding(String(cString: text))
    }
    return bytes
  }

  /// Terminal descriptions may ask for pauses, `$<5>`; nobody waits for them in an emergency.
  static func withoutPadding(_ text: String) -> [UInt8] {
    Array(text.replacing(/\$<[^>]*>/, with: "").utf8)
  }
}
