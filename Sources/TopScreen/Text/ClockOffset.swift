/// Seconds that the clock on the wall is ahead of UTC: at each moment those of that moment, since they change with summer time.
package struct ClockOffset: Equatable, Sendable, ExpressibleByIntegerLiteral {
  /// A moment at which the clock on the wall was set.
  package struct Change: Equatable, Sendable {
    /// Microseconds since the Unix epoch.
    package var at: Int64
    /// Seconds ahead of UTC until then.
    package var before: Int

    package init(at: Int64, before: Int) {
      self.at = at
      self.before = before
    }
  }

  private let latest: Int
  /// The latest first.
  private let changes: [Change]

  /// - Parameters:
  ///   - seconds: since the last change.
  ///   - changes: the latest first.
  package init(_ seconds: Int, changes: [Change] = []) {
    latest = seconds
    self.changes = changes
  }

  package init(integerLiteral seconds: Int) { self.init(seconds) }

  /// At a moment, microseconds since the Unix epoch.
  package func seconds(at moment: Int64) -> Int {
    var seconds = latest
    for change in changes {
      if moment >= change.at { break }
      seconds = change.before
    }
    return seconds
  }

  /// When the clock on the wall was set on past a time of day, the last time in the day before a moment; nil where it showed that time.
  ///
  /// - Parameters:
  ///   - seconds: since midnight.
  ///   - newest: microseconds since the Unix epoch.
  func skipping(_ seconds: Int64, before newest: Int64) -> Change? {
    changes.first { change in
      let length = Int64(self.seconds(at: change.at) - change.before)
      let age = newest.saturatingSubtract(change.at)
      guard length > 0, age >= 0, age < 86_400_000_000 else { return false }
      let first = (change.at / 1_000_000 + Int64(change.before)) % 86_400
      return ((seconds - first) % 86_400 + 86_400) % 86_400 < length
    }
  }

  /// All that there are.
  var all: Set<Int> { Set([latest] + changes.map(\.before)) }
}
