extension JSONReader {
  /// Powers of ten that a double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  /// The digits of a number read so far, without the decimal point.
  private struct Digits {
    var magnitude: UInt64 = 0
    var fits = true
    var count = 0

    mutating func append(_ digit: UInt8) {
      let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
      fits = fits && !overflowed && !carried
      magnitude = sum
      count += 1
    }
  }

  mutating func number() throws(JSONError) -> Value {
    let start = position
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let digitsStart = position
    var digits = Digits()
    try readDigits(into: &digits)
    guard digits.count == 1 || bytes[digitsStart] != UInt8(ascii: "0") else {
      throw JSONError("expected no 0 at the start of a number", offset: digitsStart)
    }
    var isInteger = true
    var exponent = 0
    if peek == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      let whole = digits.count
      try readDigits(into: &digits)
      exponent = whole - digits.count
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      exponent += try readExponent()
    }
    if isInteger { return try integer(digits, isNegative, from: start) }
    // Both the digits and the power of ten are exact, so one operation rounds correctly (Clinger, 1990).
    if digits.count <= 15, abs(exponent) < Self.exactPowers.count {
      let power = Self.exactPowers[abs(exponent)]
      let magnitude = exponent < 0 ? Double(digits.magnitude) / power : Double(digits.magnitude) * power
      return .double(isNegative ? -magnitude : magnitude)
    }
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let double = Double(text), double.isFinite else {
      if isLenient { return .null }
      throw refusal("expected a number that fits a double", at: start)
    }
    return .double(double)
  }

  private func integer(_ digits: Digits, _ isNegative: Bool, from start: Int) throws(JSONError) -> Value {
    if digits.fits {
      if !isNegative, let integer = Int64(exactly: digits.magnitude) { return .int(integer) }
      if isNegative, digits.magnitude <= Int64.min.magnitude {
        return .int(Int64(truncatingIfNeeded: 0 &- digits.magnitude))
      }
    }
    let text = ByteText(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    guard let integer = WideInteger(text) else {
      if isLenient { return .null }
      throw refusal(
        "expected an integer of at most \(WideInteger.mostDigits) digits, not \(text.prefix(bytes: 20))… (\(digits.count) digits)",
        at: start)
    }
    return .wideInteger(integer)
  }

  private mutating func readDigits(into digits: inout Digits) throws(JSONError) {
    guard let first = digit() else { throw error("expected a digit") }
    digits.append(first)
    while let next = digit() { digits.append(next) }
  }

  /// The exponent, or one far out of any range when it is larger than that.
  private mutating func readExponent() throws(JSONError) -> Int {
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative || peek == UInt8(ascii: "+") { position += 1 }
    guard var exponent = digit().map(Int.init) else { throw error("expected a digit") }
    while let next = digit() { exponent = min(exponent * 10 + Int(next), 100_000) }
    return isNegative ? -exponent : exponent
  }

  @inline(__always)
  private mutating func digit() -> UInt8? {
    guard let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    position += 1
    return byte - UInt8(ascii: "0")
  }
}
