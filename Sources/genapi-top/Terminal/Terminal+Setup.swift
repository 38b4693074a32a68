import CNCurses
import Foundation

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
  /// where the terminal does not say.
  static func preferTerminalSize() {
    var width: Int32 = 0
    var height: Int32 = 0
    let isKnown = nc_window_size(STDOUT_FILENO, &width, &height) != 0
    use_env(!isKnown)
    use_tioctl(true)
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
