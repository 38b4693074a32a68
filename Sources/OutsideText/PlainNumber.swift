/// Numbers as people write them in options, filters and rules: digits, with a point among them or none. What C and Swift read beyond that,
/// as `0x10`, `1e3`, `+1`, `inf`, is none.
package enum PlainNumber {
  /// A number that is not below zero and has an end; nil for what is none.
  package static func decimal(_ text: some StringProtocol) -> Double? {
    guard text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }), let number = Double(text),
      number.isFinite
    else { return nil }
    return number
  }

  /// A count that is not below zero; nil for what is none, or is larger than the type holds.
  package static func count(_ text: some StringProtocol) -> Int? {
    text.utf8.allSatisfy(isDigit) ? Int(text) : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
