import DequeModule

/// What one gateway counted in a window, all its functions together: gone through once for all that ask in one second.
struct WindowFigures: Sendable {
  /// As `TargetHistory.watchedSeconds`.
  private(set) var watched = 0.05
  private(set) var cpuSeconds = 0.0
  private(set) var acceptFailures: Int64 = 0
  private(set) var refusedHandshakes: Int64 = 0
  private(set) var droppedLogLines: Int64 = 0

  /// - Parameter length: of the window, in seconds.
  init(_ window: Slice<Deque<SecondSample>>, length: Int) {
    var watched = 0.0
    let samples = window.base
    for place in window.startIndex..<window.endIndex {
      watched += samples[place].watched
      cpuSeconds += samples[place].cpuSeconds
      acceptFailures += Int64(samples[place].acceptFailures)
      refusedHandshakes += Int64(samples[place].refusedHandshakes)
      droppedLogLines += Int64(samples[place].droppedLogLines)
    }
    guard let first = window.first?.first, let last = window.last?.second, watched > 0.05 else { return }
    // A coarse step may begin before the window does.
    let whole = Double(max(length, Int(last - first) + 1))
    // That a frame came a little early or late is no other rate.
    self.watched = watched > whole * 0.998 ? whole : watched
  }
}
