extension TextMemory {
  /// 19 digits and a sign.
  package static let longestInt = 20

  /// Writes an integer in decimal; there must be room for `longestInt`.
  package mutating func put(_ value: Int64) {
    var rest = value.magnitude
    if value < 0 { put(UInt8(ascii: "-")) }
    let length = Self.length(rest)
    var position = next + length
    count += length
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      position -= 2
      position.storeBytes(of: Self.pair(pair), as: UInt16.self)
      rest = quotient
    }
    if rest >= 10 {
      (position - 2).storeBytes(of: Self.pair(rest), as: UInt16.self)
    } else {
      (position - 1).storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    }
  }

  @inline(__always)
  private static func length(_ value: UInt64) -> Int {
    var length = 1
    var rest = value
    while rest >= 10_000 {
      rest /= 10_000
      length += 4
    }
    return length + (rest >= 10 ? 1 : 0) + (rest >= 100 ? 1 : 0) + (rest >= 1_000 ? 1 : 0)
  }

  /// Two digits, the first in the lower byte.
  @inline(__always)
  private static func pair(_ value: UInt64) -> UInt16 {
    let tens = value / 10
    return UInt16(littleEndian: 0x3030 &+ UInt16(truncatingIfNeeded: tens | (value &- tens &* 10) << 8))
  }
}
