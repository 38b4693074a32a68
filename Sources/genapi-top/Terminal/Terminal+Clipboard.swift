import Foundation
import OutsideText
import ProgramOutput

extension Terminal {
  /// How long tmux may take to answer, in milliseconds.
  static let clipboardMs: Int64 = 1_000

  /// Gives text to the clipboard.
  func copy(_ text: String) -> ClipboardResult {
    // It will be pasted into a shell, or a chat: nothing in it may act or hide there.
    let text = text.shownLines
    guard clipboard != .console else { return .refused(.console) }
    guard let bytes = clipboard.bytes(for: text) else { return .tooLong }
    // Between two refreshes ncurses has nothing half-written, so this can go past it.
    guard takesOutput, (try? Output.standard.write(bytes)) != nil else { return .stuck }
    guard clipboard == .tmux else { return .given(clipboard) }
    copying = (Data(text.utf8).base64EncodedString(), Monotonic.milliseconds() + Self.clipboardMs)
    return .asked
  }

  /// What the terminal's answer says about the text that was given last; nil when nothing was asked.
  func clipboardResult(of input: TerminalInput) -> ClipboardResult? {
    guard let copying else { return nil }
    switch input {
    case .clipboard(let held) where held == copying.text:
      self.copying = nil
      return .confirmed
    case .clipboard, .attributes:
      self.copying = nil
      return .refused(clipboard)
    default: return nil
    }
  }

  /// The same when no answer came in time.
  func clipboardResult(at now: Int64) -> ClipboardResult? {
    guard let copying, now >= copying.until else { return nil }
    self.copying = nil
    return .refused(clipboard)
  }
}
