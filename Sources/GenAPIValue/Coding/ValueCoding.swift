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
    /// A number with a fraction.
    case secondsSince1970
    /// A number, with a fraction where there is one.
    case millisecondsSince1970
  }

  /// What a `Decimal` is.
  public enum Decimals: Sendable, Hashable {
    /// Its digits as text, `"12.5"`: clients that read numbers as doubles lose none. Zeros at the end of a fraction a `Decimal`
    /// does not keep.
    case text
    /// A number, as a double has it.
    case number
  }

  /// What a `Duration` is: a number of these.
  public enum Durations: Sendable, Hashable {
    /// Thousandths of a second.
    case milliseconds
    /// Seconds, with a fraction.
    case seconds
  }

  /// How dates are written.
  public var dates: Dates
  /// How decimal numbers are written.
  public var decimals: Decimals
  /// How durations are written.
  public var durations: Durations

  /// How deep arrays and objects may nest in what is encoded or decoded: as deep as JSON may be read at most.
  public static let mostLevels = JSONReader.deepestMaxDepth

  /// Makes one; without parameters that which JSON clients expect.
  public init(
    dates: Dates = .iso8601, decimals: Decimals = .text, durations: Durations = .milliseconds
  ) {
    self.dates = dates
    self.decimals = decimals
    self.durations = durations
  }
}
