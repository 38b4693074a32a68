extension BigInteger {
  /// The decimal digits, with a `-` before those of a negative one; nil when there are more than `most`.
  ///
  /// Takes time that grows with the square of the digits: 1 000 of them some 10 µs.
  public func decimal(most: Int = 1_000) -> String? {
    // A byte is 2.41 digits.
    guard magnitude.count <= most / 2 else { return nil }
    var limbs = Self.limbs(magnitude)
    var parts: [UInt32] = []
    while !limbs.isEmpty {
      var rest: UInt64 = 0
      for index in limbs.indices.reversed() {
        let value = rest << 32 | UInt64(limbs[index])
        limbs[index] = UInt32(value / Self.chunk)
        rest = value % Self.chunk
      }
      parts.append(UInt32(rest))
      while limbs.last == 0 { limbs.removeLast() }
    }
    var text = String(parts.last ?? 0)
    for part in parts.dropLast().reversed() {
      let digits = String(part)
      text += String(repeating: "0", count: Self.chunkDigits - digits.utf8.count) + digits
    }
    guard text.utf8.count <= most else { return nil }
    return isNegative ? "-" + text : text
  }

  /// From decimal digits, with a `-` before them or not; nil when there are none, other bytes, or more than `most`.
  public init?(decimal digits: some Collection<UInt8>, most: Int = 1_000) {
    let isNegative = digits.first == UInt8(ascii: "-")
    let digits = digits.dropFirst(isNegative ? 1 : 0)
    guard (1...most).contains(digits.count) else { return nil }
    var limbs: [UInt32] = []
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      var carry = UInt64(digit - UInt8(ascii: "0"))
      for index in limbs.indices {
        let value = UInt64(limbs[index]) * 10 + carry
        limbs[index] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }
    self.init(
      isNegative: isNegative,
      magnitude: limbs.flatMap { limb in (0..<4).map { UInt8(truncatingIfNeeded: limb >> (8 * UInt32($0))) } }
    )
  }

  private static let chunk: UInt64 = 1_000_000_000
  private static let chunkDigits = 9

  /// Lowest first, like the bytes.
  private static func limbs(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      (start..<min(start + 4, bytes.count)).reversed().reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
    }
  }
}
