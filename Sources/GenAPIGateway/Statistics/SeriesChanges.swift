import Locking

/// The series that counted something since they were told: each is in it once, however much it counted.
final class SeriesChanges: Sendable {
  private struct Noted {
    var series: [SeriesStatistics] = []
    var hasEnded = false
  }

  private let noted = Mutex(Noted())

  /// Held for one addition: requests wait for it.
  func note(_ series: SeriesStatistics) {
    noted.withLock { if !$0.hasEnded { $0.series.append(series) } }
  }

  /// Hands over all of them.
  func take() -> [SeriesStatistics] {
    noted.withLock { noted in
      defer { noted.series = [] }
      return noted.series
    }
  }

  /// Nobody will ask any more: the series hold this, and it must not hold them.
  func end() {
    noted.withLock {
      $0.hasEnded = true
      $0.series = []
    }
  }
}
