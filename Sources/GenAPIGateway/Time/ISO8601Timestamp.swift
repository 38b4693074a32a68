/// Writes a time as ISO 8601 in UTC, to the microsecond: `2026-03-01T09:05:00.000123Z`.
public enum ISO8601Timestamp {
  public static func string(microseconds: Int64) -> String {
    let seconds = floorDivide(microseconds, 1_000_000)
    let fraction = microseconds - seconds * 1_000_000
    return second(seconds) + ".\(padded(fraction, 6))Z"
  }

  /// Date and clock to the second, without a zone: `2026-03-01T09:05:00`.
  static func second(_ secondsSinceEpoch: Int64) -> String {
    let day = floorDivide(secondsSinceEpoch, 86_400)
    let time = secondsSinceEpoch - day * 86_400
    let date = CivilDate(daysSinceEpoch: day)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(time / 3_600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
