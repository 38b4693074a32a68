/// How dates, decimal numbers and durations are written as values, and read back.
///
/// A URL is always its text, `Data` its bytes, which JSON has as Base64.
///
/// ```swift
/// let encoder = ValueEncoder(coding: ValueCoding(dates: .millisecondsSince1970))
/// ```
public struct ValueCoding: Sendable, Hashable {
  /// What a `Date` is.
  public enum Dates: Sendable, Hashable {
    /// Text of ISO 8601 in UTC, to the microsecond where it is not a whole second: `2025-01-15T09:30:00.5Z`.
    case iso8601
    case secondsSince1970
    case millisecondsSince1970
  }

  /// What a `Decimal` is.
  public enum Decimals: Sendable, Hashable {
    /// Its digits as text, `"12.50"`: clients that read numbers as doubles lose none.
    case text
    case number
  }

  /// What a `Duration` is: a number of these.
  public enum Durations: Sendable, Hashable {
    case milliseconds
    case seconds
  }

  public var dates: Dates
  public var decimals: Decimals
  public var durations: Durations

  public init(
    dates: Dates = .iso8601, decimals: Decimals = .text, durations: Durations = .milliseconds
  ) {
    self.dates = dates
    self.decimals = decimals
    self.durations = durations
  }
}
