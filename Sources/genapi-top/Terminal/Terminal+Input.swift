import Foundation
import TopScreen

extension Terminal {
  /// More keys than a hand presses between two looks; the rest is read at the next.
  static let mostInputsAtOnce = 256

  /// Everything typed, clicked or pasted since the last call; never waits.
  ///
  /// - Parameter since: when nothing was there yet, in milliseconds.
  func readInputs(since: Int64) -> [TerminalInput] {
    var inputs: [TerminalInput] = []
    var bytes = [UInt8](repeating: 0, count: 4_096)
    while inputs.count < Self.mostInputsAtOnce {
      var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let count =
        poll(&request, 1, 0) > 0 && request.revents & Int16(POLLIN) != 0
        ? read(STDIN_FILENO, &bytes, bytes.count) : 0
      let now = Monotonic.milliseconds()
      guard count > 0 else { return inputs + decoder.expire(at: now) }
      inputs += decoder.decode(bytes[..<count], at: now, since: since)
    }
    return inputs
  }

  /// When to look again, though nothing more was typed: an Esc may have been only that.
  var inputDeadline: Int64? { decoder.deadline }
}
