import GenAPIValue

extension ByteText {
  /// The order in which people look for names: numbers in them count as numbers, so that `gw2` stands before `gw10`. Names
  /// that differ in nothing else are in the order of their bytes.
  ///
  /// Takes no memory: lists of ten thousand functions are sorted for a frame.
  package func precedesNaturally(_ other: ByteText) -> Bool {
    let order = withBytes { mine in other.withBytes { others in Self.order(mine, others) } }
    return order == 0 ? self < other : order < 0
  }

  /// Below zero where the first stands before the second; 0 for names that differ in leading zeros only.
  private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    var (one, two) = (0, 0)
    while one < left.count, two < right.count {
      guard left[one].isDigit, right[two].isDigit else {
        if left[one] != right[two] { return left[one] < right[two] ? -1 : 1 }
        one += 1
        two += 1
        continue
      }
      let (mine, others) = (number(left, &one), number(right, &two))
      // Without leading zeros the longer number is the larger one.
      if mine.count != others.count { return mine.count - others.count }
      for (digit, other) in zip(mine, others) where left[digit] != right[other] {
        return left[digit] < right[other] ? -1 : 1
      }
    }
    return (left.count - one) - (right.count - two)
  }

  /// The place of the digits from a place on, without their leading zeros; goes behind them.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Range<Int> {
    while place < bytes.count, bytes[place] == UInt8(ascii: "0") { place += 1 }
    let start = place
    while place < bytes.count, bytes[place].isDigit { place += 1 }
    return start..<place
  }
}

extension Sequence<ByteText> {
  /// In the order in which people look for names: `gw2` before `gw10`.
  package func sortedNaturally() -> [ByteText] { sorted { $0.precedesNaturally($1) } }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
