#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How wide help is written at least: the parser of arguments ends with a fault where its columns do not fit.
public enum HelpWidth {
  private static let least = 40

  /// Tells the parser of a terminal that is wider than it is, where it is narrower.
  ///
  /// To be called before arguments are parsed, while there is one thread.
  public static func ensure() {
    var size = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    let isNarrow = isTerminal && size.ws_col > 0 && size.ws_col < least
    let named = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
    if isNarrow || named.map({ $0 < least }) ?? false { setenv("COLUMNS", "\(least)", 1) }
  }
}
