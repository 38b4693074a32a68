import Foundation

/// What woke the loop.
struct Waiting {
  var hasInput = false
  /// The terminal is gone: a closed window, a broken line.
  var isTerminalGone = false
  var hasSignal = false
  var isWoken = false
  /// Whether there was nothing when the wait began.
  var hasWaited = false

  /// Waits until something can be read or `milliseconds` have passed. Without a `wake`, news does not wake.
  static func wait(wake: WakePipe?, milliseconds: Int64) -> Waiting {
    var requests = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: SignalPipe.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let began = Monotonic.milliseconds()
    let count = poll(&requests, nfds_t(requests.count), Int32(max(0, min(milliseconds, 60_000))))
    // A negative descriptor is left out. Interrupted by a signal: its byte is in the pipe, and the next wait returns at once.
    let hasWaited = Monotonic.milliseconds() > began
    guard count > 0 else { return Waiting(hasWaited: hasWaited) }
    let gone = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
    return Waiting(
      hasInput: requests[0].revents & Int16(POLLIN) != 0,
      isTerminalGone: requests[0].revents & gone != 0,
      hasSignal: requests[1].revents != 0,
      isWoken: requests[2].revents != 0, hasWaited: hasWaited)
  }
}
