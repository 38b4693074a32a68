import Foundation

extension Terminal {
  /// xterm takes no more; others take at least this.
  private static let mostClipboardBytes = 74_000

  /// Gives text to the clipboard of the terminal the user sits at (OSC 52), over ssh too. Terminals that do not
  /// know it ignore it. False when the text is too long, or the terminal takes no output now.
  func copy(_ text: String) -> Bool {
    let encoded = Data(text.utf8).base64EncodedString()
    guard encoded.utf8.count <= Self.mostClipboardBytes, takesOutput else { return false }
    // Between two refreshes ncurses has nothing half-written, so this can go past it.
    let bytes = Array("\u{1B}]52;c;\(encoded)\u{7}".utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno != EINTR { return false }
      written += max(0, count)
    }
    return true
  }
}
