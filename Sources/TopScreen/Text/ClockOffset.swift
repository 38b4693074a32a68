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

  /// All that there are.
  var all: Set<Int> { Set([latest] + changes.map(\.before)) }
}
