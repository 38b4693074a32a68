/// Eight bytes of a string at a time.
enum JSONBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The top bit of the first byte that is a quote, a backslash or a control character; 0 when there is none.
  ///
  /// What a borrow sets wrongly lies above the first one that is right, so only the lowest bit counts.
  @inline(__always)
  static func special(_ word: UInt64) -> UInt64 {
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let slashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found =
      ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | ((word &- ones &* 0x20) & ~word)
    return found & tops
  }
}
