extension JSONWriter {
  public mutating func int(_ value: Int64) {
    memory.reserve(Self.longestInt + 1)
    separate()
    digits(value)
  }

  public mutating func double(_ value: Double) {
    memory.reserve(Self.longestInt + 3)
    // Below 2 to the 53rd every whole double is an integer of the same value; -0.0 is not.
    if value.magnitude < 9_007_199_254_740_992, value.rounded(.towardZero) == value,
      value != 0 || value.sign == .plus
    {
      separate()
      digits(Int64(value))
      memory.put(".0")
    } else if value.isFinite {
      separate()
      var text = value.description
      text.withUTF8 { memory.append(UnsafeRawBufferPointer($0)) }
    } else {
      null()
    }
  }

  /// 19 digits and a sign.
  private static let longestInt = 20

  /// There must be room for `longestInt`.
  private mutating func digits(_ value: Int64) {
    var rest = value.magnitude
    if value < 0 { memory.put(UInt8(ascii: "-")) }
    let length = Self.length(rest)
    var place = memory.next + length
    memory.count += length
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      place -= 2
      place.storeBytes(of: Self.pair(pair), as: UInt16.self)
      rest = quotient
    }
    if rest >= 10 {
      (place - 2).storeBytes(of: Self.pair(rest), as: UInt16.self)
    } else {
      (place - 1).storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest), as: UInt8.self)
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
