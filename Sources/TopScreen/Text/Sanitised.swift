import GenAPIValue

extension StringProtocol {
  /// The text with everything a terminal would act on, or that would hide or reorder what stands around it,
  /// turned into something to see: control characters as their Unicode pictures (`␛`, `␀`), the C1 ones, bidi
  /// controls, and invisible characters as `�`. A cluster keeps at most 4 marks.
  public var sanitised: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(self) }
    var visible = String.UnicodeScalarView()
    for scalar in unicodeScalars { visible.append(scalar.visible) }
    var result = ""
    for cluster in String(visible) { result.append(cluster.tame) }
    return result
  }
}

extension ByteText {
  /// The same as a string's.
  public var sanitised: String { string.sanitised }
}

extension Unicode.Scalar {
  fileprivate var visible: Unicode.Scalar {
    switch value {
    case 0x00...0x1F: return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    case 0x7F: return "\u{2421}"
    case 0x80...0x9F, 0xAD: return "\u{FFFD}"
    // Joiners belong to emoji and to several scripts; tags to flags.
    case 0x200C, 0x200D, 0xE0020...0xE007F: return self
    default:
      switch properties.generalCategory {
      case .format, .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        return "\u{FFFD}"
      default: return self
      }
    }
  }
}

extension Character {
  /// ncurses keeps five characters a cell, and more marks than four are an attack on the eye; a cluster that
  /// would be invisible becomes `�`, and so does one that would join whatever stands before it.
  fileprivate var tame: Character {
    if isASCII { return self }
    if let first = unicodeScalars.first, DisplayWidth.of(first) == 0 { return "\u{FFFD}" }
    let isEmoji = unicodeScalars.contains { $0.value == 0x200D || (0xE0020...0xE007F).contains($0.value) }
    let most = isEmoji ? 12 : 5
    if unicodeScalars.count <= most { return self }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: unicodeScalars.prefix(most))
    return String(kept).first ?? "\u{FFFD}"
  }
}
