import OutsideText

/// How many columns of a terminal text takes.
///
/// A cluster's width is the sum of its scalars' widths, at most 2; an emoji sequence (joined, with a skin tone,
/// a flag, or a character with the emoji variation selector) is 2. Characters of ambiguous width count 1, as
/// terminals outside East Asian locales show them.
package enum DisplayWidth {
  /// 0, 1 or 2.
  package static func of(_ cluster: Character) -> Int {
    let scalars = cluster.unicodeScalars
    let first = scalars[scalars.startIndex]
    if scalars.index(after: scalars.startIndex) == scalars.endIndex { return of(first) }
    var sum = 0
    for scalar in scalars {
      // U+FE0F asks for the emoji form of the character before it.
      if scalar.value == 0xFE0F { return 2 }
      sum += of(scalar)
    }
    return min(2, sum)
  }

  package static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// 0 for marks that combine with what stands before, for control and format characters; 2 for wide ones.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1
    }
    if scalar.isWithoutWidth { return 0 }
    return value >= 0x1100 && WideRanges.contains(value) ? 2 : 1
  }
}
