import GenAPIValue

extension TOONWriter {
  /// Decimal without an exponent from 1e-6 to below 1e21, in the shortest digits that come back as the same double;
  /// `1e-7` and `1e+21` beyond (section 2). What is no number is null.
  mutating func double(_ value: Double) {
    memory.reserve(TextMemory.longestInt + 4)
    // Below 2 to the 53rd every whole double is an integer of the same value, and -0 is 0.
    if value.magnitude < 9_007_199_254_740_992, value.rounded(.towardZero) == value {
      memory.put(Int64(value))
    } else if value.isFinite {
      var text = value.description
      text.withUTF8 { decimal(UnsafeRawBufferPointer($0)) }
    } else {
      memory.put("null")
    }
  }

  /// - Parameter text: as Swift describes a double: `0.25`, `9007199254740994.0`, `-1.5e-07`, `1e+16`.
  private mutating func decimal(_ text: UnsafeRawBufferPointer) {
    guard let mark = text.firstIndex(of: UInt8(ascii: "e")) else {
      let isWhole =
        text.count > 2 && text[text.count - 1] == UInt8(ascii: "0")
        && text[text.count - 2] == UInt8(ascii: ".")
      return memory.append(isWhole ? UnsafeRawBufferPointer(rebasing: text.dropLast(2)) : text)
    }
    var digits: [UInt8] = []
    var point = 0
    var hasPoint = false
    for byte in text[..<mark] where byte != UInt8(ascii: "-") {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else {
        digits.append(byte)
        if !hasPoint { point += 1 }
      }
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    var exponent = 0
    for byte in text[(mark + 1)...] where Literal.isDigit(byte) {
      exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
    }
    if text[mark + 1] == UInt8(ascii: "-") { exponent = -exponent }
    memory.reserve(digits.count + 32)
    if text.first == UInt8(ascii: "-") { memory.put(UInt8(ascii: "-")) }
    if (-6..<21).contains(exponent) {
      plain(digits, point: point + exponent)
    } else {
      scientific(digits, exponent: exponent)
    }
  }

  /// - Parameter point: digits before the decimal point; less than 1 for zeros behind it.
  private mutating func plain(_ digits: [UInt8], point: Int) {
    if point <= 0 {
      memory.put("0.")
      for _ in point..<0 { memory.put(UInt8(ascii: "0")) }
    }
    for (index, digit) in digits.enumerated() {
      if index == point, index > 0 { memory.put(UInt8(ascii: ".")) }
      memory.put(digit)
    }
    for _ in 0..<max(0, point - digits.count) { memory.put(UInt8(ascii: "0")) }
  }

  /// One digit before the decimal point, and an exponent with its sign.
  private mutating func scientific(_ digits: [UInt8], exponent: Int) {
    for (index, digit) in digits.enumerated() {
      if index == 1 { memory.put(UInt8(ascii: ".")) }
      memory.put(digit)
    }
    memory.put(exponent < 0 ? "e-" : "e+")
    memory.put(Int64(exponent.magnitude))
  }
}
