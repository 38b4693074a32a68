/// How fast a recording was played in the last seconds, by what was played.
///
/// Real times are milliseconds on a clock that does not jump; times in the recording are microseconds since the Unix epoch.
struct ReplayPace {
  /// What it is measured over, in milliseconds.
  static let windowMs: Int64 = 3_000
  /// Less says nothing.
  private static let leastMs: Int64 = 1_000
  private static let stepMs: Int64 = 100

  /// Oldest first.
  private var played: [(real: Int64, recorded: Int64)] = []

  mutating func note(_ recorded: Int64, at now: Int64) {
    if let last = played.last, now - last.real < Self.stepMs { return }
    played.append((now, recorded))
    // One from before the window stays: it is measured from there.
    while played.count > 2, now - played[1].real >= Self.windowMs { played.removeFirst() }
  }

  /// What was played before is of another pace.
  mutating func forget() { played = [] }

  /// nil when it was played for too short a time.
  var speed: Double? {
    guard let first = played.first, let last = played.last, last.real - first.real >= Self.leastMs else {
      return nil
    }
    return Double(last.recorded.saturatingSubtract(first.recorded)) / 1_000 / Double(last.real - first.real)
  }
}
