/// What separates the values of a row or of an array on one line.
public enum TOONDelimiter: UInt8, Sendable, CaseIterable {
  case comma = 0x2C
  case tab = 0x09
  case pipe = 0x7C
}
