import Foundation
import Locking
import ProgramOutput

/// Wakes the loop out of its wait, from any thread.
final class WakePipe: Sendable {
  /// What the loop polls.
  let descriptor: Int32
  private let writeEnd: Int32
  /// At most one byte is in the pipe, so a thousand wakes cost one write.
  private let isWoken = Atomic<Bool>(false)

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EMFILE) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  func wake() {
    guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Waits for a wake. A reader of standard output that is gone ends the program: there is nothing left to do.
  func wait(atMost milliseconds: Int64) {
    var requests = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
    ]
    _ = poll(&requests, nfds_t(requests.count), Int32(max(0, min(milliseconds, 60_000))))
    if requests[1].revents & Int16(POLLERR | POLLHUP) != 0 { OutputError.endWithoutReader() }
    clear()
  }

  /// Call before taking what the wake was for: whatever comes later wakes again.
  func clear() {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = read(descriptor, &bytes, 16)
    isWoken.store(false, ordering: .sequentiallyConsistent)
  }
}
