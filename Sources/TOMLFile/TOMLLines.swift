import GenAPIValue

/// Where keys stand in a TOML file, or in a JSON file of the same form, since the parsers keep no positions of values.
public struct TOMLLines: Sendable {
  private let lineNumbers: [[String]: Int]

  public init(_ text: String) { lineNumbers = TOMLScanner(text).lineNumbers }

  /// The same of a text in JSON.
  package init(json text: String) { lineNumbers = JSONLines(text.utf8).numbers }

  /// From 1; the line of what the path is within, when the file does not set it by itself.
  ///
  /// - Parameter path: one name a level, whatever dots are in it; those of arrays are numbers.
  public func line(of path: [String]) -> Int? {
    (1...max(1, path.count)).reversed().lazy.compactMap { lineNumbers[Array(path.prefix($0))] }.first
  }

  /// The same for levels that are parted by dots, as settings and reasons have them: a name that has dots itself is found where there
  /// is nothing below the names between them.
  public func line(of path: String) -> Int? {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return line(of: [], parts[...]) ?? line(of: parts)
  }

  /// The line of what a fault of a table is about: its words begin with the field, behind which one within it may be named, as in
  /// `arg_types.m: min must be a number`.
  public func line(ofFault reason: String, in table: String) -> Int? {
    var text = Substring(reason)
    var parts = table.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    parts += Self.place(&text)
    if text.first == ":" {
      text = text.dropFirst().drop { $0 == " " }
      parts += Self.place(&text)
    }
    return line(of: [], parts[...]) ?? line(of: parts)
  }

  /// Takes a place from the beginning of a text, as `PlaceText` writes it: names with dots between, of which some have quotes.
  private static func place(_ text: inout Substring) -> [String] {
    var parts = [""]
    while let character = text.first, character != ":", !character.isWhitespace {
      text.removeFirst()
      switch character {
      case ".": parts.append("")
      case "\"":
        while let next = text.popFirst(), next != "\"" {
          parts[parts.count - 1].append(next == "\\" ? text.popFirst() ?? next : next)
        }
      default: parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// The line of exactly these parts, each a level or joined with the next to one; levels of their own come first.
  private func line(of levels: [String], _ parts: ArraySlice<String>) -> Int? {
    if parts.isEmpty { return lineNumbers[levels] }
    for count in 1...parts.count {
      let next = levels + [parts.prefix(count).joined(separator: ".")]
      // Every table and list that a key is in has a line, too.
      if lineNumbers[next] != nil, let line = line(of: next, parts.dropFirst(count)) { return line }
    }
    return nil
  }
}
