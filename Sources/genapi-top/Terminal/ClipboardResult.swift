/// What became of text for the clipboard.
enum ClipboardResult: Equatable {
  /// The terminal says that it has it.
  case confirmed
  /// The terminal was given it, and does not say whether it took it.
  case given(ClipboardRoute)
  /// It was asked whether it has it; the answer comes as an input.
  case asked
  case refused(ClipboardRoute)
  case tooLong
  /// The terminal takes no output now.
  case stuck

  var isWarning: Bool {
    switch self {
    case .confirmed, .asked, .given: false
    case .refused, .tooLong, .stuck: true
    }
  }

  /// For the footer.
  var text: String {
    switch self {
    case .confirmed: "copied to tmux's buffer and clipboard"
    case .given(.screen): "given to the terminal around GNU screen; it must allow OSC 52 (set clipboard)"
    case .given: "given to the terminal's clipboard; the terminal must allow OSC 52 (set clipboard)"
    case .asked: "copying"
    case .refused(.console): "not copied: the Linux console has no clipboard"
    case .refused: "not copied: tmux must allow it: set -s set-clipboard on"
    case .tooLong: "not copied: too long for the terminal's clipboard"
    case .stuck: "not copied: the terminal takes no output now"
    }
  }
}
