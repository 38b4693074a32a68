/// What separates the values of a row or of an array on one line.
public enum TOONDelimiter: UInt8, Sendable, CaseIterable {
  /// A comma, the default.
  case comma = 0x2C
  /// A tab.
  case tab = 0x09
  /// A vertical bar.
  case pipe = 0x7C
}
