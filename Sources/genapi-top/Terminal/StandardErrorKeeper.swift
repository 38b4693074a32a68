import Foundation

/// Keeps what is written to standard error while the screen is on, and shows it afterwards: a library's warning
/// must not be drawn over, and a crash's last words not be lost with the alternate screen.
///
/// `release` is called from signal handlers too, so it makes only async-signal-safe calls.
enum StandardErrorKeeper {
  /// Written only by `keep`, on the thread that owns the screen, before the handlers that read it are armed; `release`
  /// is called at most once for each `keep`, by whoever disarmed them.
  nonisolated(unsafe) private static var kept: Int32 = -1
  nonisolated(unsafe) private static var original: Int32 = -1

  /// More of it is lost: the newest is what matters.
  private static let mostBytes: off_t = 4_096

  /// Only when standard error is a terminal; a file the user chose gets everything at once.
  static func keep() {
    guard isatty(STDERR_FILENO) == 1, original < 0 else { return }
    var path = Array("/tmp/genapi-top-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { return }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_APPEND)
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    kept = file
    dup2(file, STDERR_FILENO)
  }

  static func release() {
    guard original >= 0 else { return }
    dup2(original, STDERR_FILENO)
    close(original)
    original = -1
    let size = lseek(kept, 0, SEEK_END)
    var position = max(0, size - mostBytes)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
      while position < size {
        let count = pread(kept, buffer.baseAddress, 512, position)
        guard count > 0 else { break }
        guard write(STDERR_FILENO, buffer.baseAddress, count) > 0 else { break }
        position += off_t(count)
      }
    }
    close(kept)
    kept = -1
  }
}
