/// Names among other words: in tables, lists and sentences. The one place that tells two apart which differ in blanks only.
extension ByteText {
  /// The name, in quotes where blanks of it would not be seen: at its beginning or end, several in a row, and any other than the space, which
  /// is written by its number.
  package var asName: ByteText { hasUnseenBlanks ? quoted : self }

  private var hasUnseenBlanks: Bool {
    guard let first = utf8.first, let last = utf8.last else { return false }
    let space = UInt8(ascii: " ")
    if first == space || last == space { return true }
    if zip(utf8, utf8.dropFirst()).contains(where: { $0 == space && $1 == space }) { return true }
    if !utf8.allSatisfy({ $0 < 0x80 }), string.unicodeScalars.contains(where: \.isUnusualBlank) {
      return true
    }
    // What has quotes itself and would look like another name in its quotes.
    let quote = UInt8(ascii: "\"")
    guard utf8.count > 2, first == quote, last == quote else { return false }
    let inner = ByteText(decoding: utf8.dropFirst().dropLast())
    return inner.hasUnseenBlanks || inner.utf8.contains(UInt8(ascii: "\\"))
  }

  private var quoted: ByteText {
    var text = "\""
    for scalar in string.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { text += "\\" }
      if scalar.isUnusualBlank {
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return ByteText(text + "\"")
  }
}

extension Unicode.Scalar {
  fileprivate var isUnusualBlank: Bool { value >= 0x80 && properties.isWhitespace }
}
