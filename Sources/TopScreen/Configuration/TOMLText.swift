import TOMLKit

/// Parses TOML, with one kind of error.
enum TOMLText {
  struct Fault: Error {
    /// From 1; nil when it concerns the whole text.
    var line: Int?
    var reason: String
  }

  static func table(_ text: String) throws(Fault) -> TOMLTable {
    // The parser stops the program at a table header whose name begins with something else than a name can
    // (`[#`), instead of refusing it.
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var rest = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      guard rest.first == "[" else { continue }
      // [table] or [[array of tables]].
      rest = rest.dropFirst()
      if rest.first == "[" { rest = rest.dropFirst() }
      rest = rest.drop(while: \.isWhitespace)
      guard let first = rest.unicodeScalars.first else {
        throw Fault(line: index + 1, reason: "a name is expected after [")
      }
      let isName = first.isASCII && (first.properties.isAlphabetic || ("0"..."9").contains(first))
      guard isName || "_-\"']".unicodeScalars.contains(first) else {
        throw Fault(line: index + 1, reason: "a name is expected after [, not \(String(first).sanitised)")
      }
    }
    do {
      return try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw Fault(line: Int(error.source.begin.line), reason: error.description.sanitised)
    } catch {
      throw Fault(line: nil, reason: "is not TOML: \(error)")
    }
  }
}
