import CNCurses
import Foundation

extension Terminal {
  var isInBackground: Bool { TerminalRestorer.isInBackground }

  /// Waits, stopped, until the shell gives this program the terminal: one that is continued in the background (`bg`) would write over what the
  /// shell shows. Returns at once where nobody would continue it, or when it is being ended.
  func awaitForeground() {
    while isInBackground {
      // `kill %1` of a shell ends and continues in one, in whatever order the two are noticed.
      usleep(50_000)
      if SignalPipe.ending != nil { return }
      let began = ContinuousClock.now
      raise(SIGTTOU)
      // It stops no program whose shell has gone, nor one that is told to ignore it.
      if ContinuousClock.now - began < .milliseconds(1) { return }
    }
  }

  /// Ends without the terminal, which is another job's: its modes stay, and only what this program put on the screen is taken off.
  func leave() {
    if isendwin() { TerminalRestorer.disarm() }
    TerminalRestorer.restore()
    StandardErrorKeeper.release()
    delscreen(screen)
  }
}
