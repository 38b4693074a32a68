/// Why the screen could not be opened.
enum TerminalError: Error, Equatable, CustomStringConvertible {
  case outputIsNoTerminal
  case inputIsNoTerminal
  case unnamed
  case unknown(name: String)
  case noDescriptions(name: String)
  case unusable(name: String)

  var description: String {
    switch self {
    case .outputIsNoTerminal:
      "standard output is no terminal; for text use --once, --batch N, --once --json or `genapi-top events`"
    case .inputIsNoTerminal:
      "standard input is no terminal, so no key could be read; for text use --once or --batch N"
    case .unnamed:
      "TERM is not set; set it to what your terminal is, for instance TERM=xterm-256color"
    case .unknown(let name):
      "the terminal type \(name) (from TERM) is not known here; try TERM=xterm-256color, or use --once"
    case .noDescriptions(let name):
      "no terminal descriptions are installed, so \(name) is not known (on Debian: ncurses-base)"
    case .unusable(let name):
      "the terminal type \(name) (from TERM) cannot move its cursor; try TERM=xterm-256color, or use --once"
    }
  }
}
