import TOMLKit

/// Parses TOML, with one kind of error.
public enum TOMLText {
  /// Why a text is no TOML.
  public struct Fault: Error, Equatable, CustomStringConvertible {
    /// From 1; nil when it concerns the whole text.
    public var line: Int?
    public var reason: String

    /// `line 3: …`
    public var description: String { (line.map { "line \($0): " } ?? "") + reason }
  }

  /// - Throws: `Fault` naming the line; its reason holds no control characters.
  public static func table(_ text: String) throws(Fault) -> TOMLTable {
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
        throw Fault(line: index + 1, reason: "a name is expected after [, not \(String(first).printable)")
      }
    }
    do {
      return try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw Fault(line: Int(error.source.begin.line), reason: error.description.printable)
    } catch {
      throw Fault(line: nil, reason: "is not TOML: \(error)")
    }
  }
}

extension String {
  /// Control characters, which a hostile file may hold, as their numbers.
  fileprivate var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format: text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
