import GenAPIValue

/// Writes a time as ISO 8601 in UTC, to the microsecond: `2026-03-01T09:05:00.000123Z`.
public enum ISO8601Timestamp {
  /// The text of a time in microseconds since the Unix epoch, in UTC.
  public static func string(microseconds: Int64) -> String {
    let seconds = floorDivide(microseconds, 1_000_000)
    let fraction = microseconds - seconds * 1_000_000
    return "\(DateTimeText.second(seconds)).\(DateTimeText.padded(fraction, 6))Z"
  }
}
