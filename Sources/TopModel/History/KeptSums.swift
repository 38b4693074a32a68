import Locking

/// The sums of the windows of one history that were asked for last, each followed from one time to the next.
///
/// Shared by the copies of a history: sums follow whichever asks, so that they are right for all, if dearer for two that differ.
final class KeptSums: Sendable {
  /// The screen's window, and those of a few alerts.
  private static let most = 4

  /// What nobody asked for in so many seconds is forgotten: it holds seconds that the history keeps coarsely since.
  private static let mostUnused: Int64 = 30

  private let windows = Mutex<[(length: Int, usedAt: Int64, sums: WindowSums)]>([])

  /// Looks at the sums of the window of `(second − length, second]`.
  func sums(of history: TargetHistory, endingAt second: Int64, length: Int, _ look: (WindowSums) -> Void) {
    windows.withLock { windows in
      let newest = history.lastSecond ?? 0
      windows.removeAll { $0.length != length && (newest - $0.usedAt).magnitude > Self.mostUnused }
      if let known = windows.firstIndex(where: { $0.length == length }) {
        // The last one asked for stands at the end.
        windows.swapAt(known, windows.count - 1)
      } else {
        if windows.count >= Self.most { windows.removeFirst() }
        windows.append((length, newest, WindowSums()))
      }
      windows[windows.count - 1].usedAt = newest
      windows[windows.count - 1].sums.follow(history.window(endingAt: second, length: length))
      look(windows[windows.count - 1].sums)
    }
  }
}
