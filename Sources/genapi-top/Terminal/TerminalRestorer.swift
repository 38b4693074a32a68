import Foundation
import Locking

/// Puts the terminal back from where ncurses must not be called: a signal handler, a crash, `exit`.
///
/// Everything it needs is stored before the handlers are installed, and what runs in a handler makes only calls
/// that are async-signal-safe: `write`, `pread`, `fcntl`, `dup2`, `getpgrp`, `tcgetpgrp`, `tcsetattr`.
enum TerminalRestorer {
  private struct Saved {
    var modes = termios()
    var input: Int32 = STDIN_FILENO
    var output: Int32 = STDOUT_FILENO
    var resetBytes: UnsafeMutablePointer<UInt8>?
    var resetCount = 0
  }

  /// Written only by `arm`, on the thread that owns the screen and while `isArmed` is false; read by whoever
  /// turns `isArmed` from true to false. That is at most one thread, so nobody reads it while it is written.
  nonisolated(unsafe) private static let saved: UnsafeMutablePointer<Saved> = {
    let pointer = UnsafeMutablePointer<Saved>.allocate(capacity: 1)
    pointer.initialize(to: Saved())
    return pointer
  }()

  private static let isArmed = Atomic<Bool>(false)

  /// Remembers the modes as they were before ncurses, and the bytes that leave the screen.
  static func arm(modes: termios, resetSequence: [UInt8]) {
    isArmed.store(false, ordering: .sequentiallyConsistent)
    let old = saved.pointee.resetBytes
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, resetSequence.count))
    bytes.update(from: resetSequence, count: resetSequence.count)
    saved.pointee = Saved(modes: modes, resetBytes: bytes, resetCount: resetSequence.count)
    old?.deallocate()
    isArmed.store(true, ordering: .sequentiallyConsistent)
  }

  /// ncurses has put the terminal back itself.
  static func disarm() {
    isArmed.store(false, ordering: .sequentiallyConsistent)
  }

  /// ncurses takes the terminal again, after it has put it back for a while.
  static func rearm() {
    isArmed.store(saved.pointee.resetBytes != nil, ordering: .sequentiallyConsistent)
  }

  /// Whether the terminal is another job's; false when nobody has it.
  static var isInBackground: Bool {
    let group = tcgetpgrp(STDOUT_FILENO)
    return group > 0 && group != getpgrp()
  }

  /// Restores once; later calls do nothing.
  static func restore() {
    guard isArmed.exchange(false, ordering: .sequentiallyConsistent), let bytes = saved.pointee.resetBytes
    else { return }
    // A terminal that takes no more bytes must not hang the exit: what it does not take at once is lost.
    let flags = fcntl(saved.pointee.output, F_GETFL)
    _ = fcntl(saved.pointee.output, F_SETFL, flags | O_NONBLOCK)
    var written = 0
    while written < saved.pointee.resetCount {
      let count = write(saved.pointee.output, bytes + written, saved.pointee.resetCount - written)
      if count <= 0 { break }
      written += count
    }
    _ = fcntl(saved.pointee.output, F_SETFL, flags)
    // Those of a shell that has the terminal are its own, and who sets them without having it is stopped.
    if !isInBackground { _ = tcsetattr(saved.pointee.input, TCSANOW, &saved.pointee.modes) }
    StandardErrorKeeper.release()
  }

  /// Some descriptions have no sequence for a visible cursor, though the terminal has one.
  static func showCursor() {
    _ = "\u{1B}[?25h".withCString { write(STDOUT_FILENO, $0, 6) }
  }
}
