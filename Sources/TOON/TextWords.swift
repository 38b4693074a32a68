/// Eight bytes of a text at a time.
struct TextWords {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  static let tops: UInt64 = 0x8080_8080_8080_8080

  private let delimiter: UInt64

  init(delimiter: UInt8) { self.delimiter = Self.ones &* UInt64(delimiter) }

  /// Not 0 when one of the bytes may need quotes: a colon, a quote, a backslash, brackets, braces, a control character,
  /// the delimiter, or `|` though it is not the delimiter.
  @inline(__always)
  func special(_ word: UInt64) -> UInt64 {
    // Clearing this bit makes braces brackets, and `|` a backslash.
    let folded = word & ~(Self.ones &* 0x20)
    var found = (word &- Self.ones &* 0x20) & ~word
    found |= Self.zeros(word ^ delimiter) | Self.zeros(word ^ Self.ones &* 0x22)
    found |= Self.zeros(word ^ Self.ones &* 0x3A) | Self.zeros(folded ^ Self.ones &* 0x5B)
    found |= Self.zeros(folded ^ Self.ones &* 0x5C) | Self.zeros(folded ^ Self.ones &* 0x5D)
    return found & Self.tops
  }

  /// Not 0 when one of the bytes means something in quotes: a quote, a backslash or a control character.
  @inline(__always)
  static func inQuotes(_ word: UInt64) -> UInt64 {
    ((word &- ones &* 0x20) & ~word | zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5C)) & tops
  }

  /// The top bit of the first byte that is 0. What a borrow sets wrongly lies above one that is right.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
}
