import GenAPIValue

extension ByteText {
  /// The order in which people look for names: numbers in them count as numbers, so that `gw2` stands before `gw10`. Names
  /// that differ in nothing else are in the order of their bytes.
  package func precedesNaturally(_ other: ByteText) -> Bool {
    var (left, right) = (Array(utf8)[...], Array(other.utf8)[...])
    while let one = left.first, let two = right.first {
      if one.isDigit, two.isDigit {
        let (mine, others) = (Self.number(&left), Self.number(&right))
        // Without leading zeros the longer number is the larger one.
        if mine.count != others.count { return mine.count < others.count }
        if mine != others { return mine.lexicographicallyPrecedes(others) }
      } else {
        if one != two { return one < two }
        left.removeFirst()
        right.removeFirst()
      }
    }
    if left.isEmpty != right.isEmpty { return left.isEmpty }
    return self < other
  }

  /// Takes the digits at the front, without their leading zeros.
  private static func number(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = bytes.prefix { $0.isDigit }
    bytes = bytes.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
