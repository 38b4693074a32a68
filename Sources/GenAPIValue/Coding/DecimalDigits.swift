/// A decimal number by its digits, however it is written: `12.50` and `1.25e1` are equal.
struct DecimalDigits: Equatable {
  private var isNegative = false
  /// Without zeros at either end; empty for 0.
  private var digits: [UInt8] = []
  /// Of the last digit.
  private var exponent = 0

  /// - Parameter text: a number as JSON has it.
  init(_ text: String) {
    var hasPoint = false
    var bytes = text.utf8[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if hasPoint { exponent -= 1 }
        if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        // More than it can hold is no number that a decimal has.
        exponent += Int(String(decoding: bytes.drop { $0 == UInt8(ascii: "+") }, as: UTF8.self)) ?? 1_000_000
        bytes = bytes[bytes.endIndex...]
      default: continue
      }
    }
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { (isNegative, exponent) = (false, 0) }
  }
}
