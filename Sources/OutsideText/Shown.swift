/// What people see of text from outside, in every place where a program shows it.
///
/// A terminal acts on control characters, a log's reader takes a newline for the end of an entry, and invisible
/// characters hide or reorder what stands around them. Here is the one place that turns them into something to see.
extension StringProtocol {
  /// For one line: of a screen, a log, a message. Control characters, the ends of lines too, become their Unicode
  /// pictures (`␛`, `␊`); those of C1, bidi controls and invisible characters become `�`. A cluster keeps at most 4 marks.
  public var shown: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(self) }
    var visible = String.UnicodeScalarView()
    for scalar in unicodeScalars { visible.append(scalar.shown) }
    // What joins nothing in this text would join whatever a screen shows behind it.
    var joiners = 0
    while visible.last?.isJoiner == true {
      visible.removeLast()
      joiners += 1
    }
    for _ in 0..<joiners { visible.append("\u{FFFD}") }
    var result = ""
    for cluster in String(visible) { cluster.appendTame(to: &result) }
    return result
  }

  /// For text of several lines, such as what is copied: each is one, and the ends between them stay.
  public var shownLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map(\.shown).joined(separator: "\n")
  }
}

extension ByteText {
  /// The same as a string's.
  public var shown: String { string.shown }

  /// The same as a string's.
  public var shownLines: String { string.shownLines }
}

extension Unicode.Scalar {
  /// Whether a terminal would act on it, or nobody would see it.
  public var isHidden: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0xAD: return true
    case 0x20..<0x7F: return false
    // They belong to emoji and to several scripts.
    case _ where isJoiner: return false
    // Letters and marks that look like nothing: the fillers of Hangul, two vowels of Khmer, the blank of Braille, what joins graphemes.
    case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5, 0x2800: return true
    default:
      switch properties.generalCategory {
      case .format, .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        return true
      default: return false
      }
    }
  }

  /// Whether it takes no column of its own: it combines with what stands before it, or is not shown at all.
  public var isWithoutWidth: Bool {
    // The second half of a Hangul syllable stands inside the first half's columns.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// Whether it is the zero width joiner or non-joiner, which say how their neighbours are drawn.
  var isJoiner: Bool { value == 0x200C || value == 0x200D }

  /// Whether it says in which form one before it is drawn: a joiner, or a selector of variations, which keycaps have too.
  fileprivate func choosesForm(of first: Unicode.Scalar) -> Bool {
    isJoiner || (0xFE00...0xFE0F).contains(value) && !first.isASCII
  }

  /// Whether it may be drawn in several forms: letters, digits of other scripts, and what may be an emoji.
  fileprivate var hasForms: Bool { !isASCII && (properties.isAlphabetic || properties.isEmoji) }

  /// Tags spell an invisible text; they belong to the flags of a few regions and nowhere else.
  var isTag: Bool { (0xE0020...0xE007F).contains(value) }

  fileprivate var shown: Unicode.Scalar {
    if value < 0x20 { return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}" }
    if value == 0x7F { return "\u{2421}" }
    // Looked at with the cluster they stand in.
    if isTag { return self }
    return isHidden ? "\u{FFFD}" : self
  }
}

extension Character {
  /// A screen keeps five characters a cell, and more marks than four are an attack on the eye; a cluster that would be
  /// invisible becomes `�`, and so does one that would join whatever stands before it.
  fileprivate func appendTame(to result: inout String) {
    if isASCII { return result.append(self) }
    let scalars = unicodeScalars
    if scalars.contains(where: \.isTag), !isRegionFlag {
      for scalar in scalars { result.unicodeScalars.append(scalar.isTag ? "\u{FFFD}" : scalar) }
      return
    }
    if let first = scalars.first, first.isWithoutWidth { return result.append("\u{FFFD}") }
    // What has no forms to choose from, as ASCII, signs and what was replaced, joins nothing: what asks for one behind it can only
    // hide, or join what a screen shows next.
    if let first = scalars.first, !first.hasForms, scalars.contains(where: { $0.choosesForm(of: first) }) {
      for scalar in scalars.prefix(5) {
        result.unicodeScalars.append(scalar.choosesForm(of: first) ? "\u{FFFD}" : scalar)
      }
      return
    }
    // Half of the terminals draw joined emoji side by side: apart they take the same columns in all of them.
    if let first = scalars.first, first.properties.isEmoji, scalars.contains(where: \.isJoiner) {
      return result.unicodeScalars.append(contentsOf: scalars.prefix(12).filter { !$0.isJoiner })
    }
    let most = isRegionFlag || scalars.contains { $0.value == 0x200D } ? 12 : 5
    if scalars.count <= most { return result.append(self) }
    result.unicodeScalars.append(contentsOf: scalars.prefix(most))
  }

  /// A black flag, the letters of the region as tags, and the tag that ends them (UTS #51).
  private var isRegionFlag: Bool {
    let scalars = Array(unicodeScalars)
    guard scalars.count >= 5, scalars.count <= 8, scalars.first?.value == 0x1F3F4,
      scalars.last?.value == 0xE007F
    else { return false }
    return scalars.dropFirst().dropLast().allSatisfy {
      (0xE0061...0xE007A).contains($0.value) || (0xE0030...0xE0039).contains($0.value)
    }
  }
}
