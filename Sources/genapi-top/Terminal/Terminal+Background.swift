import Foundation

extension Terminal {
  /// Waits, stopped, until the shell gives this program the terminal: one that is continued in the background (`bg`) would write over what the
  /// shell shows. Returns at once where nobody would continue it.
  func awaitForeground() {
    while isInBackground {
      let began = ContinuousClock.now
      raise(SIGTTOU)
      // It stops no program whose shell has gone, nor one that is told to ignore it.
      if ContinuousClock.now - began < .milliseconds(1) { return }
    }
  }

  /// Whether the terminal is another job's; false when nobody has it.
  private var isInBackground: Bool {
    let group = tcgetpgrp(STDOUT_FILENO)
    return group > 0 && group != getpgrp()
  }
}
