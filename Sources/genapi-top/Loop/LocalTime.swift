import Foundation
import OutsideText
import TopScreen

/// The system's time zone.
enum LocalTime {
  /// Seconds the wall clock is ahead of UTC at a moment, given in microseconds since the Unix epoch.
  static func offset(at microseconds: Int64) -> Int {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return 0 }
    return parts.tm_gmtoff
  }

  /// How far back changes are looked for, in days: older times are rarely shown.
  private static let days: Int64 = 400
  private static let day: Int64 = 86_400_000_000

  /// The same for every moment up to one, as far back as `days`.
  ///
  /// - Parameter offset: at a moment.
  static func offsets(until newest: Int64, offset: (Int64) -> Int = LocalTime.offset(at:)) -> ClockOffset {
    var changes: [ClockOffset.Change] = []
    var (later, seconds) = (newest, offset(newest))
    let latest = seconds
    for _ in 0..<days {
      let earlier = later.saturatingSubtract(day)
      let before = offset(earlier)
      if before != seconds {
        // In whole seconds: the first that has the later one.
        var (low, high) = (earlier / 1_000_000, later / 1_000_000)
        while high - low > 1 {
          let middle = (low + high) / 2
          if offset(middle * 1_000_000) == seconds { high = middle } else { low = middle }
        }
        changes.append(ClockOffset.Change(at: high * 1_000_000, before: before))
      }
      (later, seconds) = (earlier, before)
    }
    return ClockOffset(latest, changes: changes)
  }
}
