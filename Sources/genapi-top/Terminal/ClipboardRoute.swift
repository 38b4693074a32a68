import Foundation

/// How text gets to the clipboard of the terminal the user sits at, and what can be said about whether it did.
///
/// A terminal takes text with an escape sequence, OSC 52, over ssh too, and answers nothing. tmux answers when it is
/// asked what its clipboard holds, if it takes text at all.
enum ClipboardRoute: Equatable {
  case tmux
  case screen
  case terminal
  case console

  /// xterm takes no more; others take at least this.
  static let mostBytes = 74_000
  /// GNU screen hands on at most so many bytes at once.
  private static let screenPiece = 500

  init(environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
    if term.hasPrefix("tmux") {
      self = .tmux
    } else if isSet("STY"), term.hasPrefix("screen") {
      self = .screen
    } else if isSet("TMUX") {
      self = .tmux
    } else {
      self = term == "linux" ? .console : .terminal
    }
  }

  /// What the terminal has to be sent; nil when the text is too long.
  func bytes(for text: String) -> [UInt8]? {
    let encoded = Data(text.utf8).base64EncodedString()
    guard encoded.utf8.count <= Self.mostBytes else { return nil }
    let sequence = Array("\u{1B}]52;c;\(encoded)\u{7}".utf8)
    switch self {
    case .terminal: return sequence
    // What it holds then, and behind that a question that is always answered.
    case .tmux: return sequence + Array("\u{1B}]52;c;?\u{7}\u{1B}[c".utf8)
    case .screen:
      // Handed on to the terminal outside piece by piece.
      return stride(from: 0, to: sequence.count, by: Self.screenPiece).flatMap { start in
        Array("\u{1B}P".utf8) + sequence[start..<min(start + Self.screenPiece, sequence.count)]
          + Array("\u{1B}\\".utf8)
      }
    case .console: return []
    }
  }
}
