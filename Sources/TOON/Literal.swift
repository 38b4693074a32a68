/// Texts without quotes that mean something else than themselves.
enum Literal {
  /// Whether a text has to stand in quotes because it looks like a word or a number: `true`, `false`, `null`, and
  /// numbers with a leading plus or zeros too, which other readers take for numbers (section 7.2).
  static func isLiteral(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.first else { return false }
    switch first {
    case UInt8(ascii: "t"): return equal(text, "true")
    case UInt8(ascii: "f"): return equal(text, "false")
    case UInt8(ascii: "n"): return equal(text, "null")
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      return isUnsignedNumber(UnsafeRawBufferPointer(rebasing: text.dropFirst()))
    default: return isUnsignedNumber(text)
    }
  }

  /// Whether a text without quotes is a number: no leading plus, and no leading zeros (section 4). What it says then is
  /// the grammar of JSON's numbers.
  static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.first == UInt8(ascii: "-") ? UnsafeRawBufferPointer(rebasing: text.dropFirst()) : text
    guard isUnsignedNumber(digits) else { return false }
    return digits[0] != UInt8(ascii: "0") || digits.count == 1 || !isDigit(digits[1])
  }

  static func equal(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<text.count where text[index] != word.utf8Start[index] { return false }
    return true
  }

  /// Digits, perhaps a point and digits, perhaps an exponent.
  private static func isUnsignedNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    guard skipDigits(text, &index) else { return false }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      guard skipDigits(text, &index) else { return false }
    }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
        index += 1
      }
      guard skipDigits(text, &index) else { return false }
    }
    return index == text.count
  }

  private static func skipDigits(_ text: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
    let start = index
    while index < text.count, isDigit(text[index]) { index += 1 }
    return index > start
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
