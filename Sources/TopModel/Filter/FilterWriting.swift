import GenAPIValue

/// Writes what the filter language reads, and takes it apart as it is read: for those who change a filter's text.
package enum FilterWriting {
  /// A value as it is written behind a key, or a word where `isWord`: what is read is this name and no other, whatever it holds. In
  /// quotes only where it would mean something else without.
  package static func written(_ name: ByteText, isWord: Bool = false) -> String {
    let isSeen = !name.string.unicodeScalars.contains { $0.isHidden || $0.isWithoutWidth }
    if isSeen, readsBack(name.string, name, isWord) { return name.string }
    let quoted = quoted(name) { $0.isHidden || $0.isWithoutWidth }
    // Some characters join the quotes, or one another.
    return readsBack(quoted, name, isWord) ? quoted : self.quoted(name) { !$0.isASCII || $0.isHidden }
  }

  /// The terms of a text, each as it is written. What is no filter is one term.
  package static func terms(_ text: String) -> [String] {
    var parser = FilterParser(text)
    let characters = Array(text)
    var terms: [String] = []
    do throws(FilterError) {
      while let read = try parser.read() {
        let end = read.values.last?.range.upperBound ?? read.start
        terms.append(String(characters[read.start..<end]))
      }
      return terms
    } catch {
      return [text]
    }
  }

  /// The values of a term as they are written, each with the one name that it stands for, nil where it stands for several.
  package static func values(of term: String) -> [(written: String, name: ByteText?)] {
    var parser = FilterParser(term)
    return ((try? parser.read())??.values ?? []).map { ($0.written, $0.name) }
  }

  private static func quoted(_ name: ByteText, escaping isEscaped: (Unicode.Scalar) -> Bool) -> String {
    var text = "\""
    for scalar in name.string.unicodeScalars {
      if isEscaped(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        if "\"\\*".unicodeScalars.contains(scalar) { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// Whether it is read as that name also between other terms: some characters join the blanks around them.
  private static func readsBack(_ text: String, _ name: ByteText, _ isWord: Bool) -> Bool {
    var parser = FilterParser("x " + (isWord ? "" : "user:") + text + " x")
    guard let before = try? parser.read(), before.values.map(\.name) == ["x"],
      let read = try? parser.read(), read.key == (isWord ? .text : .user), !read.isNegated,
      read.values.map(\.name) == [name],
      let after = try? parser.read(), after.values.map(\.name) == ["x"]
    else { return false }
    return true
  }
}
