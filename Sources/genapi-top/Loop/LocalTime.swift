import Foundation

/// The system's time zone.
enum LocalTime {
  /// Seconds the wall clock is ahead of UTC at a moment, given in microseconds since the Unix epoch.
  static func offset(at microseconds: Int64) -> Int {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return 0 }
    return parts.tm_gmtoff
  }
}
